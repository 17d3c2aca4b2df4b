import type { CompareRow } from '../../../contract/sync.ts';
import type { CompareState } from '../../../contract/sync-words.ts';

export interface SideNames {
  readonly a: string;
  readonly b: string;
}

export type Side = keyof SideNames;

/** What a row says: its compare state, or that its content lies elsewhere on the other side. */
export type RowState = CompareState | 'moved';

/** Shown on every conflict. */
export const conflictTip =
  'Warning: same relative path but different content (hash mismatch). Manual resolution required.';

/** One path per glyph in a box of 24, after the icons of lucide.dev (ISC): two elements in a row instead of five. */
export const stateGlyphs: Readonly<Record<RowState, string>> = {
  'same-verified': 'M5 9h14M5 15h14',
  'same-probable': 'M5 15a6.5 6.5 0 0 1 7 0 6.5 6.5 0 0 0 7 0M5 9a6.5 6.5 0 0 1 7 0 6.5 6.5 0 0 0 7 0',
  unverified: 'M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0M9 9.5a3 2.5 0 0 1 6 0c0 2-2 2-3 3.5M12 17h.01',
  'only-a': 'M5 12h14M12 5l7 7-7 7',
  'only-b': 'M19 12H5M12 19l-7-7 7-7',
  conflict: 'M21.73 18l-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3M12 9v4M12 17h.01',
  'case-clash':
    'M2 16l4.039-9.69a.5.5 0 0 1 .923 0L11 16M22 9v7M3.304 13h6.392M15 12.5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0',
  moved: 'M21 7v6h-6M3 17a9 9 0 0 1 9-9 9 9 0 0 1 6 2.3l3 2.7',
};

export function isMoved(row: CompareRow): boolean {
  return row.movedTo !== undefined || row.movedFrom !== undefined;
}

export function rowStateOf(row: CompareRow): RowState {
  return isMoved(row) ? 'moved' : row.state;
}

export function stateWord(state: RowState, names: SideNames): string {
  switch (state) {
    case 'same-verified':
      return 'same';
    case 'same-probable':
      return 'probably same';
    case 'unverified':
      return 'not verified';
    case 'only-a':
      return `only ${names.a}`;
    case 'only-b':
      return `only ${names.b}`;
    case 'conflict':
      return 'conflict';
    case 'case-clash':
      return 'case clash';
    case 'moved':
      return 'moved';
  }
}

export function stateMeaning(state: RowState, names: SideNames): string {
  switch (state) {
    case 'same-verified':
      return 'Both files have the same BLAKE3 hash: the same bytes.';
    case 'same-probable':
      return 'Same size and time, but not both are hashed: very likely the same, not proven.';
    case 'unverified':
      return 'Same size, other time, and not both are hashed: only hashing can tell whether they are the same.';
    case 'only-a':
      return `On ${names.a}, missing on ${names.b}.`;
    case 'only-b':
      return `On ${names.b}, missing on ${names.a}.`;
    case 'conflict':
      return conflictTip;
    case 'case-clash':
      return 'The names differ only in upper and lower case or Unicode form, and one of the sides cannot tell them apart.';
    case 'moved':
      return 'The same content lies under another path on the other side: moved or renamed there.';
  }
}

/** Where the other side holds the content of a row that looks missing there. */
export function elsewhereOf(row: CompareRow, names: SideNames): string | null {
  const path = row.movedTo ?? row.movedFrom ?? row.elsewhere?.[0];
  if (path === undefined) return null;
  return `exists on ${row.state === 'only-a' ? names.b : names.a} as ${path}`;
}
