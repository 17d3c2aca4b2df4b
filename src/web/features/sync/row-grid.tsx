import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import type { SortKey } from '../../../contract/sync-words.ts';
import { pathBelow } from '../../ui/path-text.tsx';
import { usePreference } from '../../ui/preferences.ts';
import { useNow } from '../../ui/use-now.ts';
import { hasRoom } from '../../ui/visible-name.ts';
import { columnStyle, columnsOf, isStateTight, widthBesidePath, widthOf } from './columns.ts';
import { DiffRow, pathIn, rowId } from './diff-row.tsx';
import { useRows } from './diff-rows.ts';
import { type DiffView, viewKey } from './diff-view.ts';
import { GridHead } from './grid-head.tsx';
import { targetOf } from './grid-keys.ts';
import { openMenuAt, useGridSizes } from './grid-place.ts';
import { isPicked, type Selection } from './selection.ts';
import type { Side, SideNames } from './states.ts';
import { useKeepPlace } from './use-keep-place.ts';
import { usePathRoom } from './use-path-room.ts';
import { useRowWindow } from './use-row-window.ts';
import { useRowWork } from './use-row-work.ts';

export type PickMode = 'replace' | 'toggle' | 'extend' | 'keep';

export interface RowGridHandle {
  focus(): void;
  hasFocus(): boolean;
}

interface RowGridProps {
  readonly view: DiffView;
  readonly total: number;
  readonly names: SideNames;
  readonly selection: Selection;
  readonly isDimmed: { readonly a: boolean; readonly b: boolean };
  readonly handle: RefObject<RowGridHandle | null>;
  readonly onMove: (index: number, row: CompareRow | undefined, mode: PickMode) => void;
  readonly onSelectAll: () => void;
  /** One row was pressed, and nothing else is meant by it. */
  readonly onPress: () => void;
  readonly onOpen: () => void;
  readonly onBack: () => void;
  readonly onSort: (sort: SortKey | null, descending: boolean) => void;
  /** The list changed under the current row, which now lies elsewhere. */
  readonly onShifted: (by: number) => void;
  /** To the list of the other side. */
  readonly onTurn: (to: Side) => void;
}

function indexOfEvent(event: MouseEvent): number | null {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset.index) : null;
}

function modeOf(event: MouseEvent): PickMode {
  if (event.shiftKey) return 'extend';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'replace';
}

const turnsTo: Readonly<Record<string, Side>> = { ArrowLeft: 'a', ArrowRight: 'b' };

/** A list of rows, aligned or of one side. Only what is in sight is in the page, however many rows there are. */
export const RowGrid = memo(function RowGrid(props: RowGridProps) {
  const { view, total, names, selection, isDimmed, handle, onMove, onOpen, onBack, onSort, onShifted } = props;
  const { side } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const { rowHeight, headHeight } = useGridSizes();
  const now = useNow();
  const key = viewKey(view);
  const startAt = selection.focus ?? 0;
  const rows = useRowWindow({ scroller, listKey: key, count: total, rowHeight, headHeight, startAt });
  const { first, last } = rows.span;
  const rowAt = useRows({ view, total, first, last });
  const workOf = useRowWork(view);
  const columns = columnsOf(names, side);
  const chosenWidths = usePreference('columnWidths');
  const widthOfColumn = (id: string) => widthOf(id, names, chosenWidths);
  const room = usePathRoom(scroller, widthBesidePath(columns, widthOfColumn));

  useImperativeHandle(
    handle,
    () => ({
      focus: () => scroller.current?.focus(),
      hasFocus: () => document.activeElement === scroller.current,
    }),
    [],
  );

  const shownKey = useRef(key);
  const { scrollToTop } = rows;
  useEffect(() => {
    if (shownKey.current === key) return;
    shownKey.current = key;
    scrollToTop();
  }, [key, scrollToTop]);
  useKeepPlace({ viewKey: key, rows, selection, rowAt, onShifted });

  const moveTo = (index: number, mode: PickMode) => {
    onMove(index, rowAt(index), mode);
    rows.reveal(index);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const rowsPerScreen = Math.max(1, Math.floor((scroller.current.clientHeight - headHeight) / rowHeight) - 1);
    const target = targetOf(event.key, selection.focus, total, rowsPerScreen);
    const isMod = event.ctrlKey || event.metaKey;
    const turnTo = turnsTo[event.key];
    if (target !== null && !event.altKey) moveTo(target, event.shiftKey ? 'extend' : isMod ? 'keep' : 'replace');
    else if (event.key === ' ' && selection.focus !== null)
      moveTo(selection.focus, event.shiftKey ? 'extend' : 'toggle');
    else if (event.key === 'Enter') onOpen();
    else if (event.key === 'Escape') onBack();
    else if (event.key === 'a' && isMod) props.onSelectAll();
    else if (turnTo && side !== null && !isMod && !event.altKey) props.onTurn(turnTo);
    else return;
    event.preventDefault();
  };

  const onClick = (event: MouseEvent) => {
    const index = indexOfEvent(event);
    if (index === null) return;
    const mode = modeOf(event);
    onMove(index, rowAt(index), mode);
    if (mode === 'replace') props.onPress();
  };

  const onContextMenu = (event: MouseEvent) => {
    const index = indexOfEvent(event);
    if (index === null) {
      openMenuAt(event, selection.focus === null ? null : rowId(selection.focus, side));
      return;
    }
    const row = rowAt(index);
    onMove(index, row, row && isPicked(selection, row.relPath) ? 'keep' : 'replace');
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={side === null ? `${names.a} and ${names.b}, row by row` : `Files on ${names[side]}`}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-multiselectable
      aria-activedescendant={selection.focus === null ? undefined : rowId(selection.focus, side)}
      tabIndex={0}
      className="row-grid"
      data-side={side ?? undefined}
      data-tight={isStateTight(names, widthOfColumn('state')) || undefined}
      style={columnStyle(columns, widthOfColumn)}
      data-dim-a={isDimmed.a || undefined}
      data-dim-b={isDimmed.b || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={(event) => indexOfEvent(event) !== null && onOpen()}
      onContextMenu={onContextMenu}
    >
      <GridHead view={view} columns={columns} widthOf={widthOfColumn} onSort={onSort} />
      <div role="rowgroup" className="grid-rows" style={{ height: total * rowHeight }}>
        {Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => {
          const index = first + place;
          const row = rowAt(index);
          return (
            <DiffRow
              key={index}
              index={index}
              top={index * rowHeight}
              row={row}
              side={side}
              names={names}
              now={now}
              below={view.folder}
              isWhole={row !== undefined && hasRoom(pathBelow(pathIn(row, side), view.folder), room)}
              isBrief={rows.isRushing}
              work={row ? workOf(row) : null}
              isFocused={index === selection.focus}
              isSelected={row !== undefined && isPicked(selection, row.relPath)}
            />
          );
        })}
      </div>
    </div>
  );
});
