import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { bucketOf, equalHashes, hashKnown, hashStateAt, startOfHash } from './folder-hashes.ts';
import { type FolderPair, fileAt, stateCode } from './folder-pair.ts';
import { type FilePosition, type IndexedFolder, joinPath } from './location-index.ts';

/** Pairs of an only-a and an only-b file with one content: moved or renamed, as far as hashes are known. */
export interface Moves {
  /** relPath on A → relPath on B. Each file is part of one pair at most. */
  readonly fromA: ReadonlyMap<string, string>;
  /** relPath on B → relPath on A. */
  readonly fromB: ReadonlyMap<string, string>;
}

/** Files of the same name find each other first. Empty files all have one content, so only their names can tell. */
export async function findMoves(view: CompareView, pacer: Pacer): Promise<Moves> {
  // Nearly every lone file has no counterpart: only buckets that both sides have are looked at closely.
  const onA = new Set<number>();
  await eachLoneFile(view, 'a', pacer, (_folder, _i, bucket) => onA.add(bucket));
  if (onA.size === 0) return { fromA: new Map(), fromB: new Map() };
  const onB = new Map<number, Targets[]>();
  await eachLoneFile(view, 'b', pacer, (folder, i, bucket) => {
    if (!onA.has(bucket)) return;
    const file = { folder, i };
    const there = onB.get(bucket);
    if (there === undefined) onB.set(bucket, [new Targets(file)]);
    else if (!there.some((targets) => targets.add(file))) there.push(new Targets(file));
  });
  const candidates: Candidate[] = [];
  await eachLoneFile(view, 'a', pacer, (folder, i, bucket) => {
    const file = { folder, i };
    const targets = onB.get(bucket)?.find((there) => there.hasContentOf(file));
    if (targets) candidates.push({ file, targets });
  });
  const fromA = new Map<string, string>();
  const fromB = new Map<string, string>();
  const pair = (file: FilePosition, found: FilePosition): void => {
    const [here, there] = [pathOf(file), pathOf(found)];
    fromA.set(here, there);
    fromB.set(there, here);
  };
  const unnamed: Candidate[] = [];
  for (const candidate of candidates) {
    const { file, targets } = candidate;
    const found = targets.takeNamed(file.folder.files.name(file.i));
    if (found) pair(file, found);
    else if (file.folder.files.size(file.i) > 0) unnamed.push(candidate);
  }
  for (const { file, targets } of unnamed) {
    const found = targets.takeNext();
    if (found) pair(file, found);
  }
  return { fromA, fromB };
}

/** A lone file of A whose content some lone file of B has too. */
interface Candidate {
  readonly file: FilePosition;
  readonly targets: Targets;
}

const fewFiles = 8;

/** Lone files of B with one content, in order; each can be taken once. */
class Targets {
  private readonly files: FilePosition[];
  private readonly taken = new Set<FilePosition>();
  /** Where thousands of copies share a content, their names are looked up, not gone through. */
  private byName: Map<string, FilePosition[]> | null = null;
  private next = 0;

  constructor(first: FilePosition) {
    this.files = [first];
  }

  hasContentOf(file: FilePosition): boolean {
    const mine = this.files[0];
    return (
      mine !== undefined &&
      mine.folder.hashes !== null &&
      file.folder.hashes !== null &&
      equalHashes(mine.folder.hashes, mine.i, file.folder.hashes, file.i)
    );
  }

  /** @returns false for a file of other content. */
  add(file: FilePosition): boolean {
    if (!this.hasContentOf(file)) return false;
    this.files.push(file);
    return true;
  }

  takeNamed(name: string): FilePosition | undefined {
    const candidates = this.files.length <= fewFiles ? this.files : this.named(name);
    const found = candidates.find((file) => !this.taken.has(file) && file.folder.files.name(file.i) === name);
    if (candidates !== this.files) candidates.shift();
    if (found) this.taken.add(found);
    return found;
  }

  takeNext(): FilePosition | undefined {
    for (; this.next < this.files.length; this.next += 1) {
      const file = this.files[this.next];
      if (file === undefined || this.taken.has(file)) continue;
      this.taken.add(file);
      return file;
    }
    return undefined;
  }

  private named(name: string): FilePosition[] {
    if (this.byName === null) {
      this.byName = new Map();
      for (const file of this.files) {
        const own = file.folder.files.name(file.i);
        const there = this.byName.get(own);
        if (there) there.push(file);
        else this.byName.set(own, [file]);
      }
    }
    return this.byName.get(name) ?? [];
  }
}

function pathOf({ folder, i }: FilePosition): string {
  return joinPath(folder.relPath, folder.files.name(i));
}

type Visit = (folder: IndexedFolder, i: number, bucket: number) => void;

/** Files of one side alone whose hash is known, in order. */
async function eachLoneFile(view: CompareView, side: 'a' | 'b', pacer: Pacer, visit: Visit): Promise<void> {
  const lone = stateCode[side === 'a' ? 'only-a' : 'only-b'];
  for (const { pair } of view.inOrder()) {
    const pause = pacer.breathe();
    if (pause) await pause;
    if (pair.totals[lone] === 0 || pair[side].every(({ hashes }) => hashes === null)) continue;
    for (let row = 0; row < pair.states.length; row += 1) {
      if (pair.states[row] === lone) visitLone(pair, side, row, visit);
      if ((row & 255) !== 255) continue;
      const pause = pacer.breathe();
      if (pause) await pause;
    }
  }
}

function visitLone(pair: FolderPair, side: 'a' | 'b', row: number, visit: Visit): void {
  const position = pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? 0;
  const folders = pair[side];
  const only = folders.length === 1 ? folders[0] : undefined;
  const { folder, i } = only ? { folder: only, i: position } : fileAt(folders, position);
  const { hashes } = folder;
  if (hashes !== null && hashStateAt(hashes, i) === hashKnown) visit(folder, i, bucketOf(hashes, startOfHash(i)));
}
