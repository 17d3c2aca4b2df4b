import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import type { Pair } from './choose-pair.ts';
import { rowAt } from './diff-rows.ts';
import { DropZones } from './drop-zones.tsx';
import { isPicked } from './selection.ts';
import type { Side } from './states.ts';
import { otherSide, whyNotOf } from './transfer-target.ts';
import { useRowDrag } from './use-row-drag.ts';
import type { RowList } from './use-row-list.ts';
import { type ChosenTransfer, rowsTarget, type Transfers } from './use-transfers.ts';

interface RowGesturesProps {
  readonly lists: Readonly<Record<Side, RowList>>;
  readonly sides: Pair;
  readonly chosen: ChosenTransfer;
  readonly transfers: Transfers;
  /** Of a touch one cannot know whether the arrow or the row was meant. */
  readonly copiesByArrow: boolean;
  readonly children: ReactNode;
}

/** What the pointer does in the rows beyond choosing them: dragging them over, and copying by the arrow of a row. */
export function RowGestures({ lists, sides, chosen, transfers, copiesByArrow, children }: RowGesturesProps) {
  const client = useQueryClient();
  const area = useRef<HTMLDivElement>(null);
  const find = (element: HTMLElement): { list: RowList; row: CompareRow; index: number } | null => {
    const list = lists[element.closest<HTMLElement>('.row-grid')?.dataset.side === 'b' ? 'b' : 'a'];
    const index = Number(element.dataset.index);
    const row = rowAt(client, list.view, index);
    return row ? { list, row, index } : null;
  };

  const { ghost, drag } = useRowDrag({
    area,
    take(element) {
      const found = find(element);
      if (!found) return null;
      const { list, row, index } = found;
      if (list.picked > 0 && isPicked(list.selection, row.relPath)) return chosen;
      list.picks.move(index, row, 'replace');
      const target = rowsTarget([row]);
      return { target, why: whyNotOf(target, sides) };
    },
    onDrop({ target, why }, to) {
      const from = otherSide[to];
      if (why.copy[from] === null) transfers.copy(target, from);
    },
  });

  const { onClick } = useHandlers({
    onClick: (event: MouseEvent) => {
      const isPlain = copiesByArrow && event.detail === 1 && !event.shiftKey && !event.ctrlKey && !event.metaKey;
      const mark = event.target instanceof Element ? event.target.closest('.state-glyph, .state-word') : null;
      const element = mark?.closest<HTMLElement>('.diff-row[data-index]');
      const row = isPlain && element ? find(element)?.row : undefined;
      if (row?.state === 'only-a') transfers.copy(rowsTarget([row]), 'a');
      if (row?.state === 'only-b') transfers.copy(rowsTarget([row]), 'b');
    },
  });
  useEffect(() => {
    const element = area.current;
    element?.addEventListener('click', onClick);
    return () => element?.removeEventListener('click', onClick);
  }, [onClick]);

  return (
    <div ref={area} className="row-gestures">
      {children}
      {drag && <DropZones drag={drag} sides={sides} ghost={ghost} />}
    </div>
  );
}
