import { Copy, Hash, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { countOf, formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { Legend } from './legend.tsx';
import type { RowActions } from './row-actions.ts';
import { pickedCount, type Selection } from './selection.ts';
import type { SideNames } from './states.ts';

interface StatusLineProps {
  readonly total: number;
  /** Not there while nothing is known. */
  readonly totalBytes: number | undefined;
  readonly names: SideNames;
  readonly selection: Selection;
  readonly actions: RowActions;
  readonly onSelectNone: () => void;
}

function bytesOf(selection: Selection, totalBytes: number): number {
  if (selection.isAll) return totalBytes;
  return [...selection.picked.values()].reduce((sum, row) => sum + ((row.a ?? row.b)?.size ?? 0), 0);
}

/** How much is listed and how much of it is selected. */
export function StatusLine({ total, totalBytes, names, selection, actions, onSelectNone }: StatusLineProps) {
  const count = pickedCount(selection, total);
  const bytes = bytesOf(selection, totalBytes ?? 0);
  return (
    <footer className="status-line">
      {totalBytes === undefined ? (
        <span />
      ) : (
        <span data-tip={formatExactBytes(totalBytes)}>
          {countOf(total, 'row')}, {formatBytes(totalBytes)}
        </span>
      )}
      {count > 0 && (
        <div className="status-selection">
          <span role="status" data-tip={formatExactBytes(bytes)}>
            {selection.isAll
              ? `All ${formatCount(total)} rows of this filter selected`
              : `${formatCount(count)} selected`}
            , {formatBytes(bytes)}
          </span>
          <Button tone="ghost" icon={Copy} onClick={actions.copyRelPaths}>
            Copy paths
          </Button>
          <Button tone="ghost" icon={Hash} onClick={actions.hashNow}>
            Hash now
          </Button>
          <Button tone="ghost" icon={X} onClick={onSelectNone}>
            Deselect
          </Button>
        </div>
      )}
      <Legend names={names} />
    </footer>
  );
}
