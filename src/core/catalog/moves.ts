import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { blake3Of } from './content-index.ts';
import { type FolderPair, fileAt, stateCode } from './folder-pair.ts';
import { type FilePosition, joinPath } from './location-index.ts';

/** Pairs of an only-a and an only-b file with one content: moved or renamed, as far as hashes are known. */
export interface Moves {
  /** relPath on A → relPath on B. Each file is part of one pair at most. */
  readonly fromA: ReadonlyMap<string, string>;
  /** relPath on B → relPath on A. */
  readonly fromB: ReadonlyMap<string, string>;
}

interface LoneFile extends FilePosition {
  readonly relPath: string;
}

function* loneFiles(pair: FolderPair, side: 'a' | 'b'): Generator<LoneFile> {
  const code = stateCode[side === 'a' ? 'only-a' : 'only-b'];
  for (let row = 0; row < pair.states.length; row += 1) {
    if (pair.states[row] !== code) continue;
    const position = fileAt(pair[side], pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? 0);
    yield { ...position, relPath: joinPath(position.folder.relPath, position.folder.files.name(position.i)) };
  }
}

/** Files of the same name find each other first. Empty files all have one content, so only their names can tell. */
export async function findMoves(view: CompareView, pacer: Pacer): Promise<Moves> {
  const targets = new Map<string, Targets>();
  await eachLoneFile(view, 'b', pacer, (file, hash) => {
    let there = targets.get(hash);
    if (!there) {
      there = { byName: new Map(), all: [] };
      targets.set(hash, there);
    }
    const name = file.folder.files.name(file.i);
    const named = there.byName.get(name);
    if (named) named.push(file.relPath);
    else there.byName.set(name, [file.relPath]);
    there.all.push(file.relPath);
  });
  const fromA = new Map<string, string>();
  const fromB = new Map<string, string>();
  for (const sameName of [true, false]) {
    await eachLoneFile(view, 'a', pacer, (file, hash) => {
      const there = targets.get(hash);
      if (!there || fromA.has(file.relPath)) return;
      if (!sameName && file.folder.files.size(file.i) === 0) return;
      const found = takeFree(sameName ? there.byName.get(file.folder.files.name(file.i)) : there.all, fromB);
      if (found === undefined) return;
      fromA.set(file.relPath, found);
      fromB.set(found, file.relPath);
    });
  }
  return { fromA, fromB };
}

/** Lone files of B with one content; both lists shrink as they are taken, so that thousands of copies stay cheap. */
interface Targets {
  readonly byName: Map<string, string[]>;
  readonly all: string[];
}

function takeFree(candidates: string[] | undefined, taken: ReadonlyMap<string, string>): string | undefined {
  while (candidates !== undefined && candidates.length > 0) {
    const candidate = candidates.shift();
    if (candidate !== undefined && !taken.has(candidate)) return candidate;
  }
  return undefined;
}

async function eachLoneFile(
  view: CompareView,
  side: 'a' | 'b',
  pacer: Pacer,
  visit: (file: LoneFile, hash: string) => void,
): Promise<void> {
  const lone = stateCode[side === 'a' ? 'only-a' : 'only-b'];
  for (const { pair } of view.inOrder()) {
    if (pair.totals[lone] === 0) continue;
    let seen = 0;
    for (const file of loneFiles(pair, side)) {
      const hash = blake3Of(file);
      if (hash !== null) visit(file, String.fromCharCode(...hash));
      seen += 1;
      if ((seen & 255) !== 0) continue;
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
}
