import { useMemo } from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import { requestTransfer } from '../../api/transfer-requests.ts';
import { noticeFailure } from '../../ui/notices.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import type { Pair } from './choose-pair.ts';
import type { Side } from './states.ts';
import {
  copyRequest,
  deleteRequest,
  otherSide,
  sourceOf,
  type TransferTarget,
  type WhyNot,
  whyNoDirection,
  whyNotOf,
} from './transfer-target.ts';
import type { Found } from './use-compare-lists.ts';
import type { RowList } from './use-row-list.ts';

const both = ['a', 'b'] as const;

export const rowsTarget = (rows: readonly CompareRow[]): TransferTarget => ({ kind: 'rows', rows });

export interface ChosenTransfer {
  readonly target: TransferTarget;
  readonly why: WhyNot;
}

/** The selected rows, or else the current one, and what cannot be done with them. */
export function useChosenTransfer(list: RowList, found: Found | undefined, pair: Pair): ChosenTransfer {
  const { selection, current, view, total, totalBytes } = list;
  const { isAll, picked } = selection;
  const target = useMemo((): TransferTarget => {
    if (isAll) return { kind: 'filter', view, total, bytes: totalBytes ?? 0, summary: found?.summary };
    if (picked.size > 0) return rowsTarget([...picked.values()]);
    return rowsTarget(current ? [current] : []);
  }, [isAll, picked, current, view, total, totalBytes, found]);
  return useMemo(() => ({ target, why: whyNotOf(target, pair) }), [target, pair]);
}

/** Asks for transfers of a target; why one cannot be done is said instead. */
export function useTransfers(pair: Pair) {
  const refuse = (reason: string | null) => {
    if (reason !== null) noticeFailure({ message: `This cannot be done: ${reason}.` });
    return reason !== null;
  };
  const copy = (target: TransferTarget, from: Side, kind: 'copy' | 'move') => {
    if (!refuse(whyNotOf(target, pair)[kind][from])) requestTransfer(copyRequest(target, { from, sides: pair, kind }));
  };
  return useHandlers({
    copy: (target: TransferTarget, from: Side) => copy(target, from, 'copy'),
    move: (target: TransferTarget, from: Side) => copy(target, from, 'move'),
    /** To the side that lacks it. */
    copyOver: (target: TransferTarget) => {
      const why = whyNotOf(target, pair);
      const from = sourceOf(why);
      if (from !== null) copy(target, from, 'copy');
      else refuse(whyNoDirection(why));
    },
    remove: (target: TransferTarget, wanted: readonly Side[] = both) => {
      const request = deleteRequest(target, wanted, pair);
      if (request) requestTransfer(request);
      else refuse(whyNotOf(target, pair).remove[wanted[0] ?? 'a']);
    },
    mirror: (folder: string) => requestTransfer({ kind: 'mirror', src: pair.a.id, dst: pair[otherSide.a].id, folder }),
  });
}

export type Transfers = ReturnType<typeof useTransfers>;
