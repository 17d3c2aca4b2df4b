import type { DedupeScan } from '../../contract/dedupe.ts';
import type { DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import type { Variant } from './find-variants.ts';

/** A scan as it is stored: what is said of it, and what scans only say when asked. */
export interface StoredScan {
  readonly scan: DedupeScan;
  /** Where the locations lay, by their ids; scans of older versions have none. */
  readonly roots?: Readonly<Record<string, string>>;
  readonly minBytes: number;
  readonly variants: readonly Variant[];
  /** Parts that its groups were stored in. */
  readonly parts: number;
}

/** A part of so many groups is written and read within a few milliseconds. */
const groupsPerPart = 500;

type PackedFile = readonly [
  location: number,
  relPath: string,
  mtimeNs: string,
  fileId: string,
  device: number,
  links: number,
  sameAs: number,
  sidecars: number,
];
type PackedGroup = readonly [blake3: string, size: number, files: readonly PackedFile[]];

export async function saveScan(stored: StoredScan, catalog: CatalogStore): Promise<void> {
  const { scanId, createdMs } = stored.scan;
  await catalog.saveDuplicateScan({ id: scanId, createdAtMs: createdMs, header: JSON.stringify(stored) });
}

/** @returns the number of parts. */
export async function saveGroups(
  { scanId, sides }: Pick<DedupeScan, 'scanId' | 'sides'>,
  groups: readonly DuplicateGroup[],
  { catalog, pacer }: { readonly catalog: CatalogStore; readonly pacer: Pacer },
): Promise<number> {
  const saves: Promise<void>[] = [];
  for (let from = 0; from < groups.length; from += groupsPerPart) {
    const packed = groups.slice(from, from + groupsPerPart).map((group) => packGroup(group, sides));
    saves.push(catalog.saveDuplicatePart(scanId, saves.length, JSON.stringify(packed)));
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  await Promise.all(saves);
  return saves.length;
}

export async function loadGroups(
  { scan, parts }: StoredScan,
  { catalog, pacer }: { readonly catalog: CatalogStore; readonly pacer: Pacer },
): Promise<readonly DuplicateGroup[]> {
  const groups: DuplicateGroup[] = [];
  for (let part = 0; part < parts; part += 1) {
    const found = await catalog.duplicatePart(scan.scanId, part);
    const packed = found === null ? [] : (JSON.parse(found) as readonly PackedGroup[]);
    for (const group of packed) groups.push(unpackGroup(group, scan.sides));
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return groups;
}

/** Newest first. A scan of another version of this program, or a damaged one, is left out. */
export async function loadScans(catalog: CatalogStore): Promise<readonly StoredScan[]> {
  return (await catalog.duplicateScans()).flatMap(({ header }) => {
    try {
      return [JSON.parse(header) as StoredScan];
    } catch {
      return [];
    }
  });
}

function packGroup({ blake3, size, files }: DuplicateGroup, sides: readonly string[]): PackedGroup {
  const packed = files.map(
    (file): PackedFile => [
      sides.indexOf(file.location),
      file.relPath,
      String(file.mtimeNs),
      String(file.fileId),
      file.device,
      file.links,
      file.sameAs ?? -1,
      file.sidecars,
    ],
  );
  return [blake3, size, packed];
}

function unpackGroup([blake3, size, files]: PackedGroup, sides: readonly string[]): DuplicateGroup {
  return {
    blake3,
    size,
    files: files.map(([location, relPath, mtimeNs, fileId, device, links, sameAs, sidecars]) => ({
      location: sides[location] ?? '',
      relPath,
      mtimeNs: BigInt(mtimeNs),
      fileId: BigInt(fileId),
      device,
      links,
      sameAs: sameAs < 0 ? null : sameAs,
      sidecars,
    })),
  };
}
