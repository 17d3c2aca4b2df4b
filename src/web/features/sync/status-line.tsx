import { Copy, Hash, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { countOf, formatBytes, formatCount } from '../../ui/format.ts';
import { Legend } from './legend.tsx';
import type { Selection } from './selection.ts';
import type { SideNames } from './states.ts';
import type { RowList } from './use-row-list.ts';

interface StatusLineProps {
  readonly list: RowList;
  readonly names: SideNames;
}

function bytesOf(selection: Selection, totalBytes: number): number {
  if (selection.isAll) return totalBytes;
  return [...selection.picked.values()].reduce((sum, row) => sum + ((row.a ?? row.b)?.size ?? 0), 0);
}

/** How much is listed and how much of it is selected. */
export function StatusLine({ list, names }: StatusLineProps) {
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
          <Button tone="ghost" icon={Copy} onClick={actions.copyRelPaths}>
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
