import type { Handlers } from '../../contract/endpoint.ts';
import type { HeaderSide, headerEndpoints } from '../../contract/headers.ts';
import { parseEntryId } from '../../core/catalog/entry-id.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import { existingRelPath } from '../../core/paths/rel-path.ts';
import type { Machine } from '../../core/ports/machine.ts';
import type { ReadHeader } from '../../core/ports/model-header.ts';
import { compareHeaders, isWhole } from './compare-headers.ts';

export interface HeadersPorts {
  readonly registry: LocationRegistry;
  readonly machine: Machine;
}

const mostDifferences = 200;

export function createHeadersFeature({ registry, machine }: HeadersPorts): Handlers<typeof headerEndpoints> {
  async function read(id: string): Promise<{ place: Pick<HeaderSide, 'location' | 'relPath'>; header: ReadHeader }> {
    const { location, relPath } = parseEntryId(id);
    const slot = registry.require(location);
    const checked = existingRelPath(relPath, machine.platform);
    if (checked === '') throw new AppError('ENTRY_NOT_FOUND', 'This is not the id of a file.');
    return { place: { location, relPath }, header: await slot.files.readHeader(checked) };
  }

  /** One side that cannot be read must not hide what the other says. */
  async function readSide(id: string): Promise<{ side: HeaderSide; header: ReadHeader | null }> {
    try {
      const { place, header } = await read(id);
      return { side: { ...place, header: header.header, problem: null }, header };
    } catch (thrown) {
      const { code, message, hint } = toAppError(thrown);
      if (code === 'ENTRY_NOT_FOUND' || code === 'LOCATION_NOT_FOUND' || code === 'INTERNAL') throw thrown;
      return { side: { ...parseEntryId(id), header: null, problem: { message, hint: hint ?? null } }, header: null };
    }
  }

  return {
    async readHeader({ id }) {
      const { place, header } = await read(id);
      return { ...place, header: header.header, problem: null };
    },
    async compareHeaders({ a, b }) {
      const [one, other] = await Promise.all([readSide(a), readSide(b)]);
      const all = one.header && other.header ? compareHeaders(one.header, other.header) : [];
      return {
        a: one.side,
        b: other.side,
        differences: all.slice(0, mostDifferences),
        differencesTotal: all.length,
        isPartial: [one.header, other.header].some((header) => header !== null && !isWhole(header)),
      };
    },
  };
}
