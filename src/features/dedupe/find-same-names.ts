import { blake3Of } from '../../core/catalog/content-index.ts';
import { sampleAt } from '../../core/catalog/folder-hashes.ts';
import { type FilePosition, joinPath } from '../../core/catalog/location-index.ts';
import type { CandidateFolder } from '../../core/dedupe/candidates.ts';
import type { Pacer } from '../../core/ports/clock.ts';

export interface SameName {
  readonly name: string;
  readonly files: readonly { readonly location: string; readonly relPath: string; readonly size: number }[];
}

export interface SameNameOptions {
  readonly minBytes: number;
  readonly limit: number;
  readonly pacer: Pacer;
}

interface Place extends FilePosition {
  readonly location: string;
}

/** Files of one name and proven different content, biggest first. */
export async function findSameNames(
  folders: readonly CandidateFolder[],
  { minBytes, limit, pacer }: SameNameOptions,
): Promise<readonly SameName[]> {
  const byName = new Map<string, Place | Place[]>();
  for (const { slot, folder } of folders) {
    const location = slot.definition.id;
    for (let i = 0; i < folder.files.count; i += 1) {
      if (folder.files.size(i) < minBytes || folder.files.kind(i) !== 'file') continue;
      const name = folder.files.name(i);
      const there = byName.get(name);
      const place = { folder, i, location };
      if (there === undefined) byName.set(name, place);
      else if (Array.isArray(there)) there.push(place);
      else byName.set(name, [there, place]);
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  const differing: { readonly name: string; readonly places: readonly Place[]; readonly biggest: number }[] = [];
  for (const [name, places] of byName) {
    if (!Array.isArray(places)) continue;
    const [first] = places;
    if (first && places.some((place) => differ(first, place))) {
      differing.push({ name, places, biggest: places.reduce((most, place) => Math.max(most, sizeOf(place)), 0) });
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  differing.sort((x, y) => y.biggest - x.biggest || (x.name < y.name ? -1 : 1));
  return differing.slice(0, limit).map(({ name, places }) => ({ name, files: places.map(describe) }));
}

/** What is not known counts as equal: nothing is said that is not proven. */
function differ(x: Place, y: Place): boolean {
  if (sizeOf(x) !== sizeOf(y)) return true;
  return (
    areUnequal(blake3Of(x), blake3Of(y)) || areUnequal(sampleAt(x.folder.hashes, x.i), sampleAt(y.folder.hashes, y.i))
  );
}

function areUnequal(x: Uint8Array | null, y: Uint8Array | null): boolean {
  return x !== null && y !== null && x.some((byte, k) => byte !== y[k]);
}

function sizeOf({ folder, i }: Place): number {
  return folder.files.size(i);
}

function describe(place: Place): SameName['files'][number] {
  const { folder, i, location } = place;
  return { location, relPath: joinPath(folder.relPath, folder.files.name(i)), size: sizeOf(place) };
}
