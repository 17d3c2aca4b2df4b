import fc from 'fast-check';
import { AppError } from '../../src/core/errors/app-error.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';

/** One thing to put into a tree; what cannot be made where it is wanted is left out. */
export type Seedling =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      readonly mtimeNs: bigint;
      readonly content: string;
      readonly hashed: boolean;
    }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** Letters whose upper, lower, composed and decomposed forms meet in different ways (see name-keys.ts). */
const names = [
  'a',
  'A',
  'b',
  'aB',
  'e',
  '\u00e9',
  '\u00c9',
  'e\u0301',
  'E\u0301',
  'i',
  '\u0131',
  '\u0130',
  'k',
  '\u212a',
  's',
  '\u017f',
  '\u00df',
  '\u1e9e',
  'a b',
  'x',
];
const name = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'A', 'b', 'x'), weight: 3 },
  { arbitrary: fc.constantFrom(...names), weight: 2 },
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

/** Around a fixed moment, with differences on both sides of the 2 s within which times count as equal. */
const noon = 1_700_000_000_000_000_000n;
const mtimeNs = fc
  .constantFrom(
    0n,
    1n,
    1_999_999_999n,
    2_000_000_000n,
    2_000_000_001n,
    1_000_000_000n,
    3_600_000_000_000n,
    -5_000_000_000n,
    -noon - 1n,
  )
  .map((skew) => noon + skew);

const file = fc.record({
  kind: fc.constant('file' as const),
  path,
  size: fc.constantFrom(0, 1, 5, 5, 5, 64),
  mtimeNs,
  content: fc.constantFrom('red', 'green', 'blue'),
  hashed: fc.boolean(),
});
const folder = fc.record({ kind: fc.constant('folder' as const), path });
const link = fc.record({ kind: fc.constant('link' as const), path, target: path.map((to) => `/root/${to}`) });
export const seedlings: fc.Arbitrary<Seedling> = fc.oneof(
  { arbitrary: file, weight: 8 },
  { arbitrary: folder, weight: 1 },
  { arbitrary: link, weight: 1 },
);

export interface TreePair {
  readonly a: readonly Seedling[];
  readonly b: readonly Seedling[];
}

/** Two trees with much in common: most of what is on one side is also on the other, some of it changed or elsewhere. */
export const treePairs: fc.Arbitrary<TreePair> = fc
  .record({
    shared: fc.array(
      fc.record({ seedling: seedlings, onB: fc.constantFrom('same', 'same', 'touched', 'changed', 'moved') }),
      { maxLength: 12 },
    ),
    a: fc.array(seedlings, { maxLength: 6 }),
    b: fc.array(seedlings, { maxLength: 6 }),
    elsewhere: fc.array(path, { minLength: 12, maxLength: 12 }),
    times: fc.array(mtimeNs, { minLength: 12, maxLength: 12 }),
    hashed: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  })
  .map(({ shared, a, b, elsewhere, times, hashed }) => ({
    a: [...shared.map((entry) => entry.seedling), ...a],
    b: [
      ...shared.map((entry, k): Seedling => {
        if (entry.seedling.kind !== 'file') return entry.seedling;
        const twin = { ...entry.seedling, hashed: hashed[k] ?? false };
        if (entry.onB === 'touched') return { ...twin, mtimeNs: times[k] ?? noon };
        if (entry.onB === 'changed') return { ...twin, content: 'other' };
        return entry.onB === 'moved' ? { ...twin, path: elsewhere[k] ?? twin.path } : twin;
      }),
      ...b,
    ],
  }));

export interface VolumeKind {
  readonly title: string;
  readonly platform: 'posix' | 'win32';
  readonly volume: MemoryVolumeOptions;
}

export const volumeKinds: readonly VolumeKind[] = [
  { title: 'ext4', platform: 'posix', volume: {} },
  { title: 'ntfs', platform: 'win32', volume: { timeGranularityNs: 100n } },
  {
    title: 'exfat',
    platform: 'posix',
    volume: { fileSystem: 'exfat', caseSensitive: false, timeGranularityNs: 2_000_000_000n, symbolicLinks: false },
  },
  { title: 'apfs', platform: 'posix', volume: { fileSystem: 'apfs', caseSensitive: false, unicodeSensitive: false } },
  { title: 'zfs with formD', platform: 'posix', volume: { fileSystem: 'zfs', unicodeSensitive: false } },
];

export interface PlantedTree {
  readonly fs: MemoryFileSystem;
  readonly root: string;
  /** Files that are to be hashed, as far as they came to be. */
  readonly wanted: ReadonlySet<string>;
}

export function plantTree(seedlings: readonly Seedling[], kind: VolumeKind): PlantedTree {
  const fs = new MemoryFileSystem({ platform: kind.platform, volume: kind.volume });
  const root = kind.platform === 'win32' ? 'C:\\root' : '/root';
  fs.folder(root);
  const wanted = new Set<string>();
  for (const seedling of seedlings)
    if (plant(fs, root, seedling) && seedling.kind === 'file' && seedling.hashed) wanted.add(seedling.path);
  return { fs, root, wanted };
}

export function plant(fs: MemoryFileSystem, root: string, seedling: Seedling): boolean {
  const local = (relPath: string): string =>
    fs.platform === 'win32' ? `${root}\\${relPath.replaceAll('/', '\\')}` : `${root}/${relPath}`;
  try {
    if (seedling.kind === 'file') fs.file(local(seedling.path), seedling);
    else if (seedling.kind === 'folder') fs.folder(local(seedling.path));
    else
      fs.link(
        local(seedling.path),
        fs.platform === 'win32' ? `C:${seedling.target.replaceAll('/', '\\')}` : seedling.target,
      );
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError) return false;
    throw thrown;
  }
}
