import type { Pacer } from '../ports/clock.ts';
import { findBytes, type NameBytes, plainBytes } from './name-bytes.ts';
import type { NameTable } from './name-table.ts';
import { isWordCharacter, lettersOf, mayHold, type SignatureTests, testsOf } from './search-text.ts';
import { atStart, atWordStart, giveBack, inside, type Room, takeRoom, type WordHits } from './word-hits.ts';

/** Hits in names alone, with where the word begins in each; `farAway` for all places from there on. */
interface NameHits extends WordHits {
  readonly places: Uint8Array;
}

const farAway = 255;

/** Numbers of names looked at between two looks at the clock. */
const sliceLength = 32_768;
/** Entries that a table remembers of the words that were searched last. */
const rememberedHits = 2_000_000;

/** Words searched last, the latest at the end: who types goes on from the shorter word, and keeps the first of two. */
const remembered = new WeakMap<NameTable, Map<string, NameHits>>();

/** Names that hold a word of at least two letters. */
export async function nameHits(table: NameTable, word: string, pacer: Pacer): Promise<NameHits> {
  let known = remembered.get(table);
  if (!known) {
    known = new Map();
    remembered.set(table, known);
  }
  const hits = known.get(word) ?? (await searchNames(table, word, known, pacer));
  known.delete(word);
  known.set(word, hits);
  let kept = 0;
  for (const { ordinals } of known.values()) kept += ordinals.length;
  for (const [old, { ordinals }] of known) {
    if (kept <= rememberedHits || old === word) break;
    known.delete(old);
    kept -= ordinals.length;
  }
  return hits;
}

async function searchNames(
  table: NameTable,
  word: string,
  known: ReadonlyMap<string, NameHits>,
  pacer: Pacer,
): Promise<NameHits> {
  const start = longestStart(word, known);
  const count = start?.hits.ordinals.length ?? table.count;
  const found = new NameHitList(count);
  const tests = testsOf(word, table.count);
  for (let from = 0; from < count; from += sliceLength) {
    const to = Math.min(from + sliceLength, count);
    if (start) extend(table, word, start, from, to, tests, found);
    else searchRange(table, word, from, to, tests, found);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return found.take();
}

interface KnownStart {
  readonly hits: NameHits;
  readonly length: number;
}

/** A name that holds the word holds its beginning as well. */
function longestStart(word: string, known: ReadonlyMap<string, NameHits>): KnownStart | null {
  for (let length = word.length - 1; length > 0; length -= 1) {
    const hits = known.get(word.slice(0, length));
    if (hits) return { hits, length };
  }
  return null;
}

/** The loop a search spends its time in: one comparison rules nearly every name out. */
function searchRange(
  table: NameTable,
  word: string,
  from: number,
  to: number,
  tests: SignatureTests,
  found: NameHitList,
): void {
  const column = tests.columns[0] ?? 0;
  const first = tests.bits[0] ?? 0;
  const { signatures, letters } = table;
  const needed = lettersOf(word);
  const placeOf = createFinder(table, word);
  for (let ordinal = from; ordinal < to; ordinal += 1) {
    if (((signatures[column + ordinal] ?? 0) & first) !== first) continue;
    if (((letters[ordinal] ?? 0) & needed) !== needed) continue;
    if (!mayHold(signatures, ordinal, tests, 1)) continue;
    const at = placeOf(ordinal, 0);
    if (at >= 0) found.add(ordinal, gradeAt(table, ordinal, at), at);
  }
}

/** The same among the names that hold the beginning: where that goes on as the word does, nothing needs to be searched. */
function extend(
  table: NameTable,
  word: string,
  { hits: { ordinals, grades, places }, length }: KnownStart,
  from: number,
  to: number,
  tests: SignatureTests,
  found: NameHitList,
): void {
  const { signatures, text } = table;
  const next = word.charCodeAt(length);
  const placeOf = createFinder(table, word);
  const isOneMore = word.length === length + 1;
  const column = tests.columns[0] ?? 0;
  const first = tests.bits[0] ?? 0;
  for (let k = from; k < to; k += 1) {
    const ordinal = ordinals[k] ?? 0;
    if (((signatures[column + ordinal] ?? 0) & first) !== first) continue;
    const place = places[k] ?? farAway;
    if (isOneMore && place < farAway && next < 128 && goesOn(text, ordinal, place + length, next)) {
      found.add(ordinal, grades[k] ?? 0, place);
      continue;
    }
    if (!mayHold(signatures, ordinal, tests, 1)) continue;
    const at = placeOf(ordinal, place);
    if (at >= 0) found.add(ordinal, gradeAt(table, ordinal, at), at);
  }
}

function goesOn({ bytes, starts }: NameBytes, ordinal: number, place: number, next: number): boolean {
  const at = (starts[ordinal] ?? 0) + place;
  return at < (starts[ordinal + 1] ?? 0) && bytes[at] === next;
}

/** Where the word begins in the name of an ordinal, from a place on; -1 where it does not. */
function createFinder({ text, lower }: NameTable, word: string): (ordinal: number, from: number) => number {
  const plain = plainBytes(word);
  if (plain === null) return (ordinal, from) => lower[ordinal]?.indexOf(word, from) ?? -1;
  return (ordinal, from) => findBytes(text, ordinal, plain, from);
}

function gradeAt({ text }: NameTable, ordinal: number, at: number): number {
  if (at <= 0) return at === 0 ? atStart : -1;
  const before = text.bytes[(text.starts[ordinal] ?? 0) + at - 1] ?? 0;
  return isWordCharacter(before) ? inside : atWordStart;
}

class NameHitList {
  private readonly room: Room;
  private readonly ordinals: Uint32Array;
  private readonly grades: Uint8Array;
  private readonly places: Uint8Array;
  private count = 0;

  constructor(most: number) {
    this.room = takeRoom(most);
    this.ordinals = this.room.ordinals;
    this.grades = this.room.grades;
    this.places = this.room.places;
  }

  add(ordinal: number, grade: number, place: number): void {
    this.ordinals[this.count] = ordinal;
    this.grades[this.count] = grade;
    this.places[this.count] = Math.min(place, farAway);
    this.count += 1;
  }

  /** Ends the collecting: the list must not be used afterwards. */
  take(): NameHits {
    const hits = {
      ordinals: this.ordinals.slice(0, this.count),
      grades: this.grades.slice(0, this.count),
      places: this.places.slice(0, this.count),
    };
    giveBack(this.room);
    return hits;
  }
}

/** The hits of a word that was searched lately. */
export function rememberedHitsOf(table: NameTable, word: string): WordHits | undefined {
  return remembered.get(table)?.get(word);
}

/** The grade of a word in the name of an ordinal; -1 where it is not in it. */
export function createNameGrade(table: NameTable, word: string): (ordinal: number) => number {
  const { signatures, count } = table;
  const tests = testsOf(word, count);
  const column = tests.columns[0] ?? 0;
  const first = tests.bits[0] ?? 0;
  const placeOf = createFinder(table, word);
  return (ordinal) => {
    if (((signatures[column + ordinal] ?? 0) & first) !== first || !mayHold(signatures, ordinal, tests, 1)) return -1;
    return gradeAt(table, ordinal, placeOf(ordinal, 0));
  };
}
