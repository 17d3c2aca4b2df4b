/** Where in a name a word was found, from best to worst. */
export const atStart = 0;
export const atWordStart = 1;
export const inside = 2;
export const inFolder = 3;

/** Ordinals that hold one word, ascending, and how well each does. */
export interface WordHits {
  readonly ordinals: Uint32Array;
  readonly grades: Uint8Array;
}

/** What either of two finds, each with its better grade. */
export function either(x: WordHits, y: WordHits): WordHits {
  const hits = new HitList(x.ordinals.length + y.ordinals.length);
  let i = 0;
  let j = 0;
  while (i < x.ordinals.length || j < y.ordinals.length) {
    const p = x.ordinals[i] ?? Number.POSITIVE_INFINITY;
    const q = y.ordinals[j] ?? Number.POSITIVE_INFINITY;
    const grade = Math.min(p <= q ? (x.grades[i] ?? 0) : 255, q <= p ? (y.grades[j] ?? 0) : 255);
    hits.add(Math.min(p, q), grade);
    if (p <= q) i += 1;
    if (q <= p) j += 1;
  }
  return hits.take();
}

/** What all of some have in common, grades added up. */
export function inCommon(found: readonly WordHits[]): WordHits | null {
  const [fewest, ...others] = found.toSorted((x, y) => x.ordinals.length - y.ordinals.length);
  if (!fewest) return null;
  const walks = others.map(createGradeWalk);
  const hits = new HitList(fewest.ordinals.length);
  for (let k = 0; k < fewest.ordinals.length; k += 1) {
    const ordinal = fewest.ordinals[k] ?? 0;
    const grades = walks.map((gradeOf) => gradeOf(ordinal));
    if (!grades.includes(-1))
      hits.add(
        ordinal,
        grades.reduce((sum, grade) => sum + grade, fewest.grades[k] ?? 0),
      );
  }
  return hits.take();
}

export function worsened({ ordinals, grades }: WordHits, by: number): WordHits {
  return { ordinals, grades: grades.map((grade) => grade + by) };
}

/** Room for hits while they are collected. */
export interface Room {
  readonly ordinals: Uint32Array;
  readonly grades: Uint8Array;
  readonly places: Uint8Array;
}

/** Given back by searches: a megabyte for each key press would be a lot of garbage. */
const spareRoom: Room[] = [];
const roomKept = 4;

export function takeRoom(most: number): Room {
  const spare = spareRoom.pop();
  if (spare !== undefined && spare.ordinals.length >= most) return spare;
  return { ordinals: new Uint32Array(most), grades: new Uint8Array(most), places: new Uint8Array(most) };
}

export function giveBack(room: Room): void {
  if (spareRoom.length < roomKept) spareRoom.push(room);
}

/** Collects hits of ascending ordinals. */
export class HitList {
  private readonly room: Room;
  private readonly ordinals: Uint32Array;
  private readonly grades: Uint8Array;
  private count = 0;

  constructor(most: number) {
    this.room = takeRoom(most);
    this.ordinals = this.room.ordinals;
    this.grades = this.room.grades;
  }

  add(ordinal: number, grade: number): void {
    this.ordinals[this.count] = ordinal;
    this.grades[this.count] = grade;
    this.count += 1;
  }

  /** Ends the collecting: the list must not be used afterwards. */
  take(): WordHits {
    const hits = { ordinals: this.ordinals.slice(0, this.count), grades: this.grades.slice(0, this.count) };
    giveBack(this.room);
    return hits;
  }
}

/** Grades of ascending ordinals one after the other; -1 for one that is not among the hits. */
export function createGradeWalk({ ordinals, grades }: WordHits): (ordinal: number) => number {
  let k = 0;
  return (ordinal) => {
    // In steps that double: the one who asks may have far fewer than these.
    for (let step = 64; (ordinals[k + step] ?? Number.POSITIVE_INFINITY) < ordinal; step *= 2) k += step;
    while (k < ordinals.length && (ordinals[k] ?? 0) < ordinal) k += 1;
    return ordinals[k] === ordinal ? (grades[k] ?? 0) : -1;
  };
}
