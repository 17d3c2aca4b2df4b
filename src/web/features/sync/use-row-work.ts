import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { useHashing } from '../../api/queries.ts';
import type { RowWork } from './diff-row.tsx';

const nothing = () => null;

/** Which rows are being hashed now, or wait for it. */
export function useRowWork(pair: { readonly a: string; readonly b: string }): (row: CompareRow) => RowWork {
  const progress = useHashing();
  if (progress === undefined || progress.state === 'idle') return nothing;
  const isRead = (location: string, entry: RowSide | null) =>
    entry !== null && progress.current.some((one) => one.location === location && one.relPath === entry.relPath);
  return (row) => {
    if (isRead(pair.a, row.a) || isRead(pair.b, row.b)) return 'hashing';
    return row.a?.hash === 'pending' || row.b?.hash === 'pending' ? 'waiting' : null;
  };
}
