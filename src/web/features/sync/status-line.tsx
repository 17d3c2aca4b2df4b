import { ArrowLeft, ArrowRight, ClipboardCopy, Hash, Trash2, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { countOf, formatBytes, formatCount } from '../../ui/format.ts';
import { Legend } from './legend.tsx';
import type { Selection } from './selection.ts';
import type { SideNames } from './states.ts';
import type { RowList } from './use-row-list.ts';
import type { ChosenTransfer, Transfers } from './use-transfers.ts';

interface StatusLineProps {
  readonly list: RowList;
  readonly names: SideNames;
  readonly chosen: ChosenTransfer;
  readonly transfers: Transfers;
}

const directions = [
  ['a', 'b', ArrowRight],
  ['b', 'a', ArrowLeft],
] as const;

/** What is asked for most with a selection; the menu of the rows has the rest. */
function TransferButtons({ names, chosen, transfers }: Omit<StatusLineProps, 'list'>) {
  const { target, why } = chosen;
  const canDelete = why.remove.a === null || why.remove.b === null;
  return (
    <>
      {directions
        .filter(([from, to]) => why.copy[from] === null || why.copy[to] !== null)
        .map(([from, to, icon]) => (
          <Button
            key={from}
            tone="ghost"
            icon={icon}
            aria-label={`Copy to ${names[to]}`}
            disabled={why.copy[from] !== null}
            data-tip={why.copy[from] ?? `Copy to ${names[to]} what is missing there`}
            onClick={() => transfers.copy(target, from)}
          >
            Copy to {names[to]}
          </Button>
        ))}
      <Button
        tone="ghost"
        icon={Trash2}
        aria-label="Delete"
        disabled={!canDelete}
        data-tip={canDelete ? 'Shows first what would be deleted' : why.remove.a}
        data-tip-keys="Delete"
        onClick={() => transfers.remove(target)}
      >
        Delete …
      </Button>
    </>
  );
}

function bytesOf(selection: Selection, totalBytes: number): number {
  if (selection.isAll) return totalBytes;
  return [...selection.picked.values()].reduce((sum, row) => sum + ((row.a ?? row.b)?.size ?? 0), 0);
}

/** How much is listed and how much of it is selected. */
export function StatusLine({ list, names, chosen, transfers }: StatusLineProps) {
  const { total, totalBytes, selection, actions, picked: count, view } = list;
  const bytes = bytesOf(selection, totalBytes ?? 0);
  return (
    <footer className="status-line">
      {totalBytes === undefined ? (
        <span />
      ) : (
        <span data-tip-bytes={totalBytes}>
          {view.side !== null && `${names[view.side]}: `}
          {countOf(total, 'row')}, {formatBytes(totalBytes)}
        </span>
      )}
      {count > 0 && (
        <div className="status-selection">
          <span role="status" data-tip-bytes={bytes}>
            {selection.isAll
              ? `All ${formatCount(total)} rows of this filter selected`
              : `${formatCount(count)} selected`}
            , {formatBytes(bytes)}
          </span>
          <TransferButtons names={names} chosen={chosen} transfers={transfers} />
          <Button tone="ghost" icon={ClipboardCopy} onClick={actions.copyRelPaths}>
            Copy paths
          </Button>
          <Button tone="ghost" icon={Hash} onClick={actions.hashNow}>
            Hash now
          </Button>
          <Button tone="ghost" icon={X} onClick={list.picks.selectNone}>
            Deselect
          </Button>
        </div>
      )}
      <Legend names={names} />
    </footer>
  );
}
