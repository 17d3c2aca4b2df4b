import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { blake3At, bucketOf, hashKnown, hashStateAt, startOfHash } from './folder-hashes.ts';
import { type FolderPair, fileAt, stateCode } from './folder-pair.ts';
import { type FilePosition, joinPath } from './location-index.ts';

/** Pairs of an only-a and an only-b file with one content: moved or renamed, as far as hashes are known. */
export interface Moves {
  /** relPath on A → relPath on B. Each file is part of one pair at most. */
  readonly fromA: ReadonlyMap<string, string>;
  /** relPath on B → relPath on A. */
  readonly fromB: ReadonlyMap<string, string>;
}

/** Files of the same name find each other first. Empty files all have one content, so only their names can tell. */
export async function findMoves(view: CompareView, pacer: Pacer): Promise<Moves> {
  const onB = new Map<number, FilePosition[]>();
  await eachLoneFile(view, 'b', pacer, (file, bucket) => {
    const there = onB.get(bucket);
    if (there) there.push(file);
    else onB.set(bucket, [file]);
  });
  // Nearly every lone file has no counterpart: only those whose bucket is on both sides are looked at closely.
  const candidates: Candidate[] = [];
  const targets = new Map<string, Targets>();
  await eachLoneFile(view, 'a', pacer, (file, bucket) => {
    const there = onB.get(bucket);
    if (!there) return;
    if (there.length > 0) for (const target of there.splice(0)) addTarget(targets, target);
    const target = targets.get(contentOf(file));
    if (target) candidates.push({ file, relPath: pathOf(file), targets: target });
  });
  const fromA = new Map<string, string>();
  const fromB = new Map<string, string>();
  for (const sameName of [true, false]) {
    for (const { file, relPath, targets: there } of candidates) {
      if (fromA.has(relPath)) continue;
      if (!sameName && file.folder.files.size(file.i) === 0) continue;
      const found = takeFree(sameName ? there.byName.get(file.folder.files.name(file.i)) : there.all, fromB);
      if (found === undefined) continue;
      fromA.set(relPath, found);
      fromB.set(found, relPath);
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { fromA, fromB };
}

/** A lone file of A whose content some lone file of B has too. */
interface Candidate {
  readonly file: FilePosition;
  readonly relPath: string;
  readonly targets: Targets;
}

/** Lone files of B with one content; both lists shrink as they are taken, so that thousands of copies stay cheap. */
interface Targets {
  readonly byName: Map<string, string[]>;
  readonly all: string[];
}

function addTarget(targets: Map<string, Targets>, file: FilePosition): void {
  const content = contentOf(file);
  let there = targets.get(content);
  if (!there) {
    there = { byName: new Map(), all: [] };
    targets.set(content, there);
  }
  const name = file.folder.files.name(file.i);
  const relPath = pathOf(file);
  const named = there.byName.get(name);
  if (named) named.push(relPath);
  else there.byName.set(name, [relPath]);
  there.all.push(relPath);
}

/** The whole hash; only lone files with a known hash get here. */
function contentOf({ folder, i }: FilePosition): string {
  return folder.hashes === null ? '' : String.fromCharCode(...blake3At(folder.hashes, i));
}

function pathOf({ folder, i }: FilePosition): string {
  return joinPath(folder.relPath, folder.files.name(i));
}

function takeFree(candidates: string[] | undefined, taken: ReadonlyMap<string, string>): string | undefined {
  while (candidates !== undefined && candidates.length > 0) {
    const candidate = candidates.shift();
    if (candidate !== undefined && !taken.has(candidate)) return candidate;
  }
  return undefined;
}

/** Files of one side alone whose hash is known, in order. */
async function eachLoneFile(
  view: CompareView,
  side: 'a' | 'b',
  pacer: Pacer,
  visit: (file: FilePosition, bucket: number) => void,
): Promise<void> {
  const lone = stateCode[side === 'a' ? 'only-a' : 'only-b'];
  for (const { pair } of view.inOrder()) {
    if (pair.totals[lone] === 0) continue;
    for (let row = 0; row < pair.states.length; row += 1) {
      if (pair.states[row] === lone) visitLone(pair, side, row, visit);
      if ((row & 255) !== 255) continue;
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
}

function visitLone(
  pair: FolderPair,
  side: 'a' | 'b',
  row: number,
  visit: (file: FilePosition, bucket: number) => void,
): void {
  const file = fileAt(pair[side], pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? 0);
  const { hashes } = file.folder;
  if (hashes !== null && hashStateAt(hashes, file.i) === hashKnown) visit(file, bucketOf(hashes, startOfHash(file.i)));
}
