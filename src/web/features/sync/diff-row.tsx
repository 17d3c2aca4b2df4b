import { memo, type ReactElement } from 'react';
import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { formatBytes } from '../../ui/format.ts';
import { formatRelativeTime } from '../../ui/format-time.ts';
import { pathText } from '../../ui/path-text.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { glyphOf } from './state-mark.tsx';
import { elsewhereOf, isMoved, rowStateOf, type Side, type SideNames, stateMeaning, stateWord } from './states.ts';

/** Work that is going on with a file of a row. */
export type RowWork = 'hashing' | 'waiting' | 'copying' | 'deleting' | null;

export interface DiffRowProps {
  readonly index: number;
  readonly top: number;
  /** Not there while its page is on the way. */
  readonly row: CompareRow | undefined;
  /** Whose list it is in; null: both sides. */
  readonly side: Side | null;
  readonly names: SideNames;
  readonly now: number;
  readonly below: string;
  /** Its path has room. */
  readonly isWhole: boolean;
  /** Without sizes and times. */
  readonly isBrief: boolean;
  readonly work: RowWork;
  readonly isFocused: boolean;
  readonly isSelected: boolean;
}

interface CellsProps extends Pick<DiffRowProps, 'side' | 'names' | 'now' | 'below' | 'isWhole' | 'isBrief' | 'work'> {
  readonly row: CompareRow;
}

/** Of the side whose list it is in. */
export function pathIn(row: CompareRow, side: Side | null): string {
  return (side && row[side]?.relPath) ?? row.relPath;
}

export const rowId = (index: number, side: Side | null): string => `row-${side ?? 'both'}-${index}`;

// Cells are made by functions, not components of their own: a key of a search draws all of them.
function sideCells(entry: RowSide | null, side: Side, { now, isBrief }: CellsProps): ReactElement {
  const size = `cell area-size-${side} side-${side}`;
  const time = `cell cell-time area-time-${side} side-${side}`;
  if (isBrief) {
    return (
      <>
        <div role="gridcell" className={size} />
        <div role="gridcell" className={time} />
      </>
    );
  }
  if (!entry || entry.kind === 'folder') {
    return (
      <>
        <div role="gridcell" className={entry ? size : `${size} cell-none`} aria-label={entry ? undefined : 'missing'}>
          {entry && 'folder'}
        </div>
        <div role="gridcell" className={time} />
      </>
    );
  }
  return (
    <>
      <div role="gridcell" className={size} data-tip-bytes={entry.size}>
        {formatBytes(entry.size)}
      </div>
      <div role="gridcell" className={time} data-tip-time={entry.mtimeMs}>
        {formatRelativeTime(entry.mtimeMs, now)}
      </div>
    </>
  );
}

/** The name alone when the folders are written the same. */
function otherSpelling(relPath: string, other: string): string {
  const folders = relPath.slice(0, relPath.lastIndexOf('/') + 1);
  return visibleName(other.startsWith(folders) ? other.slice(folders.length) : other);
}

const workWords = {
  hashing: 'hashing …',
  waiting: 'waits for hashing',
  copying: 'copying …',
  deleting: 'deleting …',
} as const;

/** What there is to say beside the path. */
function noteOf({ row, side, names, work }: CellsProps): string | null {
  if (work !== null) return workWords[work];
  const elsewhere = elsewhereOf(row, names);
  if (elsewhere !== null) return elsewhere;
  if (row.state === 'case-clash' && row.b && side === null) {
    return `${names.b}: ${otherSpelling(row.relPath, row.b.relPath)}`;
  }
  return null;
}

/** What the state means, and what a click on its mark does. */
function tipOf(row: CompareRow, names: SideNames): string {
  const meaning = (isMoved(row) ? elsewhereOf(row, names) : null) ?? stateMeaning(rowStateOf(row), names);
  if (row.state !== 'only-a' && row.state !== 'only-b') return meaning;
  return `${meaning}\nClick the mark to copy it to ${row.state === 'only-a' ? names.b : names.a}.`;
}

function namedCells(props: CellsProps): ReactElement {
  const { row, side, names, below, isWhole } = props;
  const state = rowStateOf(row);
  const path = pathIn(row, side);
  const note = noteOf(props);
  return (
    <>
      <div role="gridcell" className="cell area-state state" data-state={state} data-tip={tipOf(row, names)}>
        {glyphOf(state)}
        <span className="state-word">{stateWord(state, names)}</span>
      </div>
      <div
        role="gridcell"
        className={note === null ? 'cell area-path' : 'cell area-path area-noted'}
        data-tip={path}
        data-tip-if-cut=""
      >
        {pathText({ path, below, isWhole: isWhole && note === null })}
        {note !== null && (
          <span className="row-note" data-tip={note} data-tip-if-cut="">
            {note}
          </span>
        )}
      </div>
    </>
  );
}

function cellsOf(props: CellsProps): ReactElement {
  const { row, side } = props;
  if (side !== null) {
    return (
      <>
        {namedCells(props)}
        {sideCells(row[side], side, props)}
      </>
    );
  }
  return (
    <>
      {sideCells(row.a, 'a', props)}
      {namedCells(props)}
      {sideCells(row.b, 'b', props)}
    </>
  );
}

/** One relPath, of both sides or of one. Memoised: scrolling only draws rows that come into view. */
export const DiffRow = memo(function DiffRow(props: DiffRowProps) {
  const { index, top, row, side, isFocused, isSelected, ...rest } = props;
  const place = {
    id: rowId(index, side),
    className: 'diff-row',
    'aria-rowindex': index + 2,
    'data-index': index,
    style: { top },
  };
  if (!row) {
    return (
      <div {...place} role="row" aria-busy>
        <div role="gridcell" className="cell area-path">
          <span className="skeleton" style={{ width: `${30 + ((index * 37) % 45)}%` }} />
        </div>
      </div>
    );
  }
  return (
    <div
      {...place}
      role="row"
      aria-selected={isSelected}
      data-focused={isFocused || undefined}
      data-work={rest.work ?? undefined}
    >
      {cellsOf({ row, side, ...rest })}
    </div>
  );
});
