import type { Handlers } from '../../contract/endpoint.ts';
import type { Entry, EntryDetails, indexEndpoints, RefreshResult } from '../../contract/indexing.ts';
import { blake3Of, type ContentIndex } from '../../core/catalog/content-index.ts';
import { parseCursor } from '../../core/catalog/cursor.ts';
import { entryIdOf, parseEntryId } from '../../core/catalog/entry-id.ts';
import { findFiles } from '../../core/catalog/find-files.ts';
import { toHex } from '../../core/catalog/folder-hashes.ts';
import { whyLeftOut } from '../../core/catalog/folder-to-read.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { hashStateOf } from '../../core/catalog/hash-state.ts';
import { type FilePosition, findFile, joinPath } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { parseSearchQuery } from '../../core/catalog/search-query.ts';
import { AppError } from '../../core/errors/app-error.ts';
import { quickHashTag } from '../../core/hashing/quick-hash.ts';
import { quoted } from '../../core/paths/quoted.ts';
import { categoryOf, extensionOf } from '../../core/paths/rel-path-parts.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import type { RefreshRuns } from './refresh-runs.ts';

export interface IndexingPorts {
  readonly registry: LocationRegistry;
  readonly runs: RefreshRuns;
  readonly catalog: CatalogStore;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly modelExtensions: readonly string[];
  readonly isPending: (location: string, relPath: string) => boolean;
  readonly contents: (slot: LocationSlot) => Promise<ContentIndex>;
  /** @throws AppError INVALID_PATH */
  readonly checkedRelPath: (relPath: string) => string;
  readonly absolutePath: (slot: LocationSlot, relPath: string) => string;
  /** Named by IGNORE_GLOBS. */
  readonly isIgnored: (relPath: string) => boolean;
}

export function createIndexingFeature(ports: IndexingPorts): Handlers<typeof indexEndpoints> {
  const { registry, runs, clock, pacer } = ports;

  function slotsFor(location: string | undefined): readonly LocationSlot[] {
    return location === undefined ? registry.list() : [registry.require(location)];
  }

  return {
    async refreshIndex({ location, side, folder, wait }) {
      const slots = slotsFor(location ?? side);
      if (slots.length === 0) {
        throw new AppError('LOCATION_NOT_FOUND', 'There is no location to refresh yet.', {
          hint: 'Add one with `weightroom location add PATH`, or set LOCAL_MODELS_ROOT.',
        });
      }
      const wanted = folder === undefined ? '' : readableFolder(ports.checkedRelPath(folder), ports.isIgnored);
      const started = slots.map((slot) => runs.start(slot, wanted));
      if (wait) return { locations: await Promise.all(started) };
      return { locations: slots.map(running) };
    },
    async cancelRefresh({ location }) {
      return {
        cancelled: slotsFor(location)
          .filter((slot) => runs.cancel(slot))
          .map(({ definition }) => definition.id),
      };
    },
    async listEntries({ location, query, filters, cursor, limit }) {
      const startedAt = clock.monotonicMs();
      const slots = slotsFor(location);
      await Promise.all(slots.map(({ loaded }) => loaded));
      const parsed = parseSearchQuery(`${query} ${filters}`, clock.nowMs());
      const found = await findFiles(
        slots.map(({ index }) => index),
        parsed,
        pacer,
      );
      const offset = parseCursor(cursor);
      const entries = found.page(offset, limit).map((file) => toEntry(file.location, file, ports.isPending));
      const next = offset + entries.length;
      return {
        entries,
        total: found.total,
        cursor: next < found.total && entries.length > 0 ? String(next) : null,
        elapsedMs: clock.monotonicMs() - startedAt,
      };
    },
    async readEntry({ id }) {
      return readEntry(id, ports);
    },
    async listProblems({ location, codes, cursor, limit }) {
      const slots = slotsFor(location);
      await Promise.all(slots.map(({ loaded }) => loaded));
      const all = slots.flatMap((slot) =>
        slot.stored.problems.map((problem) => ({ location: slot.definition.id, ...problem })),
      );
      const wanted = codes ? all.filter(({ code }) => codes.includes(code)) : all;
      const offset = parseCursor(cursor);
      const problems = wanted.slice(offset, offset + limit);
      const next = offset + problems.length;
      return { problems, total: wanted.length, cursor: next < wanted.length ? String(next) : null };
    },
  };
}

/** @throws AppError INVALID_PATH for a folder that the index leaves out on purpose: asked for by name it still is. */
function readableFolder(folder: string, isIgnored: IndexingPorts['isIgnored']): string {
  const reason = folder === '' ? null : whyLeftOut(folder, isIgnored);
  if (reason === null) return folder;
  throw new AppError('INVALID_PATH', `${quoted(folder)} cannot be refreshed: ${reason}.`, {
    hint: 'Rename the folder, or change IGNORE_GLOBS in the settings, if it holds models.',
  });
}

function running(slot: LocationSlot): RefreshResult {
  const { files, bytes } = slot.index.totals();
  const { id } = slot.definition;
  return { id, outcome: 'running', files, bytes, problems: slot.stored.problems.length, elapsedMs: 0, message: null };
}

function toEntry(location: string, file: FilePosition, isPending: IndexingPorts['isPending']): Entry {
  const { files, relPath: folder } = file.folder;
  const name = files.name(file.i);
  const relPath = joinPath(folder, name);
  return {
    id: entryIdOf(location, relPath),
    location,
    relPath,
    name,
    extension: extensionOf(name),
    category: categoryOf(relPath),
    kind: files.kind(file.i),
    size: files.size(file.i),
    mtimeMs: files.mtimeMs(file.i),
    hash: hashStateOf(file, isPending(location, relPath)),
  };
}

async function readEntry(id: string, ports: IndexingPorts): Promise<EntryDetails> {
  const { location, relPath } = parseEntryId(id);
  const slot = ports.registry.require(location);
  await slot.loaded;
  const file = findFile(slot.index, relPath);
  if (!file) {
    throw new AppError('ENTRY_NOT_FOUND', `“${relPath}” is not in the index of “${slot.definition.name}”.`, {
      hint: 'Refresh the location if the file is new.',
    });
  }
  const blake3 = blake3Of(file);
  const [record] = await ports.catalog.recallHashes([hashKeyOf(slot, file.folder, file.i)]);
  const known = record && blake3 && toHex(record.blake3) === toHex(blake3) ? record : null;
  const entry = toEntry(location, file, ports.isPending);
  return {
    ...entry,
    path: ports.absolutePath(slot, relPath),
    mtimeNs: String(file.folder.files.mtimeNs(file.i)),
    fileId: String(file.folder.files.fileId(file.i)),
    links: file.folder.files.links(file.i),
    isModel: ports.modelExtensions.includes(entry.extension),
    blake3: blake3 ? toHex(blake3) : null,
    sha256: known?.sha256 ? toHex(known.sha256) : null,
    quickHash: known?.quickHash ? quickHashTag + toHex(known.quickHash) : null,
    hashedAtMs: known?.hashedAtMs ?? null,
    elsewhere: blake3 ? await findElsewhere(blake3, { location, relPath }, ports) : [],
  };
}

async function findElsewhere(
  blake3: Uint8Array,
  self: { location: string; relPath: string },
  { registry, contents }: IndexingPorts,
): Promise<EntryDetails['elsewhere']> {
  const places: { location: string; relPath: string }[] = [];
  for (const slot of registry.list()) {
    for (const { folder, i } of (await contents(slot)).find(blake3)) {
      const relPath = joinPath(folder.relPath, folder.files.name(i));
      const location = slot.definition.id;
      if (location !== self.location || relPath !== self.relPath) places.push({ location, relPath });
    }
  }
  return places;
}
