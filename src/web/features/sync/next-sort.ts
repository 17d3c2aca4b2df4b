import type { SortKey } from '../../../contract/sync-words.ts';
import type { DiffView } from './diff-view.ts';

/** Largest and newest first on the first press; the third press goes back to the usual order. */
export function nextSort(view: DiffView, key: SortKey): readonly [SortKey | null, boolean] {
  const startsDescending = key.startsWith('size') || key.startsWith('mtime');
  const isFirstPath = key === 'path' && view.sort === null && view.query === '';
  if (view.sort !== key && !isFirstPath) return [key, startsDescending];
  return view.descending === startsDescending ? [key, !startsDescending] : [null, false];
}
