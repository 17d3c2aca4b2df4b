import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { blake3Of, ContentIndex } from './content-index.ts';
import { type FolderPair, fileAt, stateCode } from './folder-pair.ts';
import { type FilePosition, joinPath } from './location-index.ts';

/** Pairs of an only-a and an only-b file with one content: moved or renamed, as far as hashes are known. */
export interface Moves {
  /** relPath on A → relPath on B. Each file is part of one pair at most. */
  readonly fromA: ReadonlyMap<string, string>;
  /** relPath on B → relPath on A. */
  readonly fromB: ReadonlyMap<string, string>;
}

export interface LoneFile extends FilePosition {
  readonly relPath: string;
}

export function* loneFiles(pair: FolderPair, side: 'a' | 'b'): Generator<LoneFile> {
  const code = stateCode[side === 'a' ? 'only-a' : 'only-b'];
  for (let row = 0; row < pair.states.length; row += 1) {
    if (pair.states[row] !== code) continue;
    const position = fileAt(pair[side], pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? 0);
    yield { ...position, relPath: joinPath(position.folder.relPath, position.folder.files.name(position.i)) };
  }
}

/** Files of the same name find each other first. Empty files all have one content, so only their names can tell. */
export async function findMoves(view: CompareView, pacer: Pacer): Promise<Moves> {
  const onB = new ContentIndex();
  for (const { pair } of view.inOrder()) {
    for (const file of loneFiles(pair, 'b')) onB.add(file);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  const fromA = new Map<string, string>();
  const fromB = new Map<string, string>();
  for (const sameName of [true, false]) {
    for (const { pair } of view.inOrder()) {
      for (const file of loneFiles(pair, 'a')) {
        if (fromA.has(file.relPath)) continue;
        const found = pickTarget(file, onB, sameName, fromB);
        if (found === null) continue;
        fromA.set(file.relPath, found);
        fromB.set(found, file.relPath);
      }
      const pause = pacer.breathe();
      if (pause) await pause;
    }
  }
  return { fromA, fromB };
}

function pickTarget(
  file: LoneFile,
  onB: ContentIndex,
  sameName: boolean,
  taken: ReadonlyMap<string, string>,
): string | null {
  const hash = blake3Of(file);
  if (hash === null) return null;
  const name = file.folder.files.name(file.i);
  if (!sameName && file.folder.files.size(file.i) === 0) return null;
  for (const { folder, i } of onB.find(hash)) {
    const other = folder.files.name(i);
    const relPath = joinPath(folder.relPath, other);
    if ((other === name) === sameName && !taken.has(relPath)) return relPath;
  }
  return null;
}
