import { memo } from 'react';
import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { formatBytes, formatExactBytes } from '../../ui/format.ts';
import { formatRelativeTime, formatTime } from '../../ui/format-time.ts';
import { PathText } from '../../ui/path-text.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { StateMark } from './state-mark.tsx';
import { elsewhereOf, isMoved, rowStateOf, type SideNames, stateMeaning, stateWord } from './states.ts';

export const rowId = (index: number): string => `row-${index}`;

function SizeCell({ side, area }: { readonly side: RowSide | null; readonly area: string }) {
  if (!side) return <div role="gridcell" className={`cell cell-none ${area}`} aria-label="missing" />;
  if (side.kind === 'folder')
    return (
      <div role="gridcell" className={`cell cell-size ${area}`}>
        folder
      </div>
    );
  return (
    <div role="gridcell" className={`cell cell-size ${area}`} data-tip={formatExactBytes(side.size)}>
      {formatBytes(side.size)}
    </div>
  );
}

function TimeCell({ side, now, area }: { readonly side: RowSide | null; readonly now: number; readonly area: string }) {
  if (!side || side.kind === 'folder') return <div role="gridcell" className={`cell ${area}`} />;
  return (
    <div role="gridcell" className={`cell cell-time ${area}`} data-tip={formatTime(side.mtimeMs)}>
      {formatRelativeTime(side.mtimeMs, now)}
    </div>
  );
}

/** The name alone when the folders are written the same. */
function otherSpelling(relPath: string, other: string): string {
  const folders = relPath.slice(0, relPath.lastIndexOf('/') + 1);
  return visibleName(other.startsWith(folders) ? other.slice(folders.length) : other);
}

function PathCell({
  row,
  names,
  below,
}: {
  readonly row: CompareRow;
  readonly names: SideNames;
  readonly below: string;
}) {
  const elsewhere = elsewhereOf(row, names);
  return (
    <div role="gridcell" className="cell area-path" data-tip={row.relPath} data-tip-if-cut="">
      <PathText path={row.relPath} below={below} />
      {elsewhere && (
        <span className="row-note" data-tip={elsewhere}>
          {elsewhere}
        </span>
      )}
      {row.state === 'case-clash' && row.b && (
        <span className="row-note">{`${names.b}: ${otherSpelling(row.relPath, row.b.relPath)}`}</span>
      )}
    </div>
  );
}

export interface DiffRowProps {
  readonly index: number;
  readonly top: number;
  /** Not there while its page is on the way. */
  readonly row: CompareRow | undefined;
  readonly names: SideNames;
  readonly now: number;
  readonly below: string;
  readonly isFocused: boolean;
  readonly isSelected: boolean;
}

/** One relPath, both sides. Memoised: scrolling only renders rows that come into view. */
export const DiffRow = memo(function DiffRow(props: DiffRowProps) {
  const { index, top, row, names, now, below, isFocused, isSelected } = props;
  const place = {
    id: rowId(index),
    'aria-rowindex': index + 2,
    'data-index': index,
    style: { transform: `translateY(${top}px)` },
  };
  if (!row) {
    return (
      <div {...place} role="row" className="diff-row" aria-busy>
        <div role="gridcell" className="cell area-path">
          <span className="skeleton" style={{ width: `${30 + ((index * 37) % 45)}%` }} />
        </div>
      </div>
    );
  }
  const state = rowStateOf(row);
  return (
    <div
      {...place}
      role="row"
      className="diff-row"
      aria-selected={isSelected}
      data-focused={isFocused || undefined}
      data-state={state}
    >
      <SizeCell side={row.a} area="area-size-a side-a" />
      <TimeCell side={row.a} now={now} area="area-time-a side-a" />
      <div role="gridcell" className="cell area-state">
        <StateMark
          state={state}
          word={stateWord(state, names)}
          tip={isMoved(row) ? (elsewhereOf(row, names) ?? undefined) : stateMeaning(state, names)}
        />
      </div>
      <PathCell row={row} names={names} below={below} />
      <SizeCell side={row.b} area="area-size-b side-b" />
      <TimeCell side={row.b} now={now} area="area-time-b side-b" />
    </div>
  );
});
