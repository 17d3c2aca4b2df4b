import { ArrowLeft, ArrowRight, Ban } from 'lucide-react';
import type { RefObject } from 'react';
import { countOf, formatBytes } from '../../ui/format.ts';
import type { Pair } from './choose-pair.ts';
import type { Side } from './states.ts';
import { amountFrom, isThere, otherSide, type TransferTarget } from './transfer-target.ts';
import type { RowDrag } from './use-row-drag.ts';

interface DropZonesProps {
  readonly drag: RowDrag;
  readonly sides: Pair;
  readonly ghost: RefObject<HTMLDivElement | null>;
}

const arrows = { a: ArrowLeft, b: ArrowRight } as const;

function offerOf(target: TransferTarget, to: Side, sides: Pair): string {
  const amount = amountFrom(target, otherSide[to]);
  const what = amount ? `${countOf(amount.files, 'file')}, ${formatBytes(amount.bytes)},` : 'what is missing there';
  return `Copy ${what} to ${sides[to].name}`;
}

function rowsText(target: TransferTarget): string {
  if (target.kind === 'folder') return 'folder';
  return countOf(target.kind === 'rows' ? target.rows.length : target.total, 'row');
}

/** Where dragged rows can be dropped, and what would happen; or why it cannot. */
export function DropZones({ drag, sides, ghost }: DropZonesProps) {
  const { target, why } = drag.chosen;
  return (
    <>
      <div className="drop-zones" aria-hidden>
        {(['a', 'b'] as const).map((to) => {
          const from = otherSide[to];
          const reason = why.copy[from];
          if (!isThere(target, from)) return <span key={to} />;
          const Icon = reason === null ? arrows[to] : Ban;
          return (
            <div
              key={to}
              className="drop-zone"
              data-over={drag.over === to || undefined}
              data-off={reason !== null || undefined}
            >
              <p className="drop-text">
                <Icon size={16} />
                {reason ?? offerOf(target, to, sides)}
              </p>
            </div>
          );
        })}
      </div>
      <div ref={ghost} className="drag-ghost" aria-hidden>
        {rowsText(target)}
      </div>
    </>
  );
}
