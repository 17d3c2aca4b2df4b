import {
  ArrowLeft,
  ArrowRight,
  CaseSensitive,
  CircleQuestionMark,
  Equal,
  EqualApproximately,
  type LucideIcon,
  Redo,
  TriangleAlert,
} from 'lucide-react';
import type { CompareRow, CompareState } from '../../../contract/sync.ts';

export interface SideNames {
  readonly a: string;
  readonly b: string;
}

/** What a row says: its compare state, or that its content lies elsewhere on the other side. */
export type RowState = CompareState | 'moved';

/** Shown on every conflict. */
export const conflictTip =
  'Warning: same relative path but different content (hash mismatch). Manual resolution required.';

export const stateIcons: Readonly<Record<RowState, LucideIcon>> = {
  'same-verified': Equal,
  'same-probable': EqualApproximately,
  unverified: CircleQuestionMark,
  'only-a': ArrowRight,
  'only-b': ArrowLeft,
  conflict: TriangleAlert,
  'case-clash': CaseSensitive,
  moved: Redo,
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
