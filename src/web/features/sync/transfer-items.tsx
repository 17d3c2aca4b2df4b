import { ArrowLeft, ArrowRight, Trash2 } from 'lucide-react';
import type { Pair } from './choose-pair.ts';
import { MenuItem } from './menu-item.tsx';
import type { Side } from './states.ts';
import { otherSide } from './transfer-target.ts';
import type { ChosenTransfer, Transfers } from './use-transfers.ts';

interface TransferItemsProps {
  readonly chosen: ChosenTransfer;
  readonly sides: Pair;
  readonly transfers: Transfers;
}

const icons = { a: ArrowRight, b: ArrowLeft } as const;
const keysOf = { a: '>', b: '<' } as const;
const both = ['a', 'b'] as const;

/** Copying is always in the menu, with the reason when it cannot be done; what deletes is, where there is something. */
export function TransferItems({ chosen, sides, transfers }: TransferItemsProps) {
  const { target, why } = chosen;
  const nameOther = (from: Side) => sides[otherSide[from]].name;
  const isMissing = (side: Side) => why.remove[side] === `missing on ${sides[side].name}`;
  return (
    <>
      {both.map((from) => (
        <MenuItem
          key={`copy-${from}`}
          icon={icons[from]}
          keys={keysOf[from]}
          reason={why.copy[from]}
          onClick={() => transfers.copy(target, from)}
        >
          Copy to {nameOther(from)}
        </MenuItem>
      ))}
      {both
        .filter((from) => why.copy[from] === null)
        .map((from) => (
          <MenuItem
            key={`move-${from}`}
            icon={icons[from]}
            reason={why.move[from]}
            onClick={() => transfers.move(target, from)}
          >
            Move to {nameOther(from)} …
          </MenuItem>
        ))}
      {both
        .filter((side) => !isMissing(side))
        .map((side) => (
          <MenuItem
            key={`delete-${side}`}
            icon={Trash2}
            {...(both.some((one) => one !== side && why.remove[one] === null) ? {} : { keys: 'Delete' })}
            reason={why.remove[side]}
            onClick={() => transfers.remove(target, [side])}
          >
            Delete on {sides[side].name} …
          </MenuItem>
        ))}
    </>
  );
}
