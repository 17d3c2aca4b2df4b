import { useQuery } from '@tanstack/react-query';
import type { Queue } from '../../../contract/queue.ts';
import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { queueHeadQuery, useHashing } from '../../api/queries.ts';
import type { RowWork } from './diff-row.tsx';

interface FileUnderWay {
  readonly relPath: string;
  readonly places: readonly (string | null)[];
  readonly work: 'copying' | 'deleting';
}

/** Only another file is something new, not its progress: rows are drawn again for nothing less. */
function filesUnderWay({ tasks }: Queue): readonly FileUnderWay[] {
  return tasks.flatMap(({ current, src, dst, kind }) =>
    current === null
      ? []
      : [
          {
            relPath: current,
            places: [src, dst],
            work: kind === 'delete' ? ('deleting' as const) : ('copying' as const),
          },
        ],
  );
}

/** Which rows are being copied, deleted or hashed now, or wait for hashing. */
export function useRowWork(pair: { readonly a: string; readonly b: string }): (row: CompareRow) => RowWork {
  const progress = useHashing();
  const files = useQuery({ ...queueHeadQuery, select: filesUnderWay }).data ?? [];
  const isHashing = progress !== undefined && progress.state !== 'idle';
  const isRead = (location: string, entry: RowSide | null) =>
    isHashing &&
    entry !== null &&
    progress.current.some((one) => one.location === location && one.relPath === entry.relPath);
  return (row) => {
    const moved = files.find(
      ({ relPath, places }) => relPath === row.relPath && (places.includes(pair.a) || places.includes(pair.b)),
    );
    if (moved) return moved.work;
    if (isRead(pair.a, row.a) || isRead(pair.b, row.b)) return 'hashing';
    return isHashing && (row.a?.hash === 'pending' || row.b?.hash === 'pending') ? 'waiting' : null;
  };
}
