import type { HashRun as HashRunResult } from '../../src/contract/hashing.ts';
import { relPathOf } from '../../src/core/catalog/compare-rows.ts';
import { blake3At, hashKnown, hashStateAt, toHex } from '../../src/core/catalog/folder-hashes.ts';
import type { LocationIndex } from '../../src/core/catalog/location-index.ts';
import { HashRun } from '../../src/features/hashing/hash-run.ts';
import type { TestEngine } from './engine.ts';

/** relPaths of all files of an index, sorted. */
export function pathsOf(index: LocationIndex): string[] {
  return [...hashesOf(index).keys()].sort();
}

/** What is known of each file's content: hex, or null. */
export function hashesOf(index: LocationIndex): Map<string, string | null> {
  const hashes = new Map<string, string | null>();
  for (const folder of index.inOrder()) {
    for (let i = 0; i < folder.files.count; i += 1) {
      const isKnown = folder.hashes !== null && hashStateAt(folder.hashes, i) === hashKnown;
      hashes.set(relPathOf({ folder, i }), isKnown && folder.hashes ? toHex(blake3At(folder.hashes, i)) : null);
    }
  }
  return hashes;
}

export interface HashAllOptions {
  readonly verify?: boolean;
  readonly sha256?: boolean;
}

/** Hashes every file of a location that has no hash yet; with `verify` all of them. */
export async function hashAll(
  engine: TestEngine,
  location: string,
  { verify = false, sha256 = false }: HashAllOptions = {},
): Promise<HashRunResult> {
  const slot = engine.slot(location);
  const run = new HashRun(verify);
  const items = slot.index.inOrder().flatMap((folder) =>
    Array.from({ length: folder.files.count }, (_, i) => i).flatMap((i) => {
      if (!verify && hashStateAt(folder.hashes, i) === hashKnown) return [];
      run.expect(folder.files.size(i));
      return [{ slot, relPath: relPathOf({ folder, i }), size: folder.files.size(i), sha256, runs: [run] }];
    }),
  );
  engine.hashing.add(items, 'rest');
  run.close();
  await run.done;
  return run.result(0);
}
