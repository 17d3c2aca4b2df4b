import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import { useRowHeight } from '../../ui/preferences.ts';
import { useMedia } from '../../ui/use-media.ts';
import { useNow } from '../../ui/use-now.ts';
import { useRowMeasure } from '../../ui/use-row-measure.ts';
import { DiffRow, rowId } from './diff-row.tsx';
import { useRows } from './diff-rows.ts';
import { type DiffView, type SortKey, viewKey } from './diff-view.ts';
import { GridHead } from './grid-head.tsx';
import { targetOf } from './grid-keys.ts';
import { isPicked, type Selection } from './selection.ts';
import type { SideNames } from './states.ts';

/** As in sync.css: on a phone a row has two lines, and there is no head. */
const sizes = { headHeight: 28, narrowRowHeight: 48 } as const;

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
  readonly onOpen: () => void;
  readonly onBack: () => void;
  readonly onSort: (sort: SortKey | null, descending: boolean) => void;
  /** The list changed under the current row, which now lies elsewhere. */
  readonly onShifted: (by: number) => void;
}

function useGridSizes(): { rowHeight: number; headHeight: number } {
  const chosen = useRowHeight();
  const isNarrow = useMedia('(max-width: 760px)');
  if (isNarrow) return { rowHeight: sizes.narrowRowHeight, headHeight: 0 };
  return { rowHeight: chosen, headHeight: sizes.headHeight };
}

/** Room for the longest word, which holds the name of a location. */
function columnsFor(names: SideNames): CSSProperties {
  const longest = Math.max(names.a.length, names.b.length);
  return { '--state-width': `${Math.min(200, Math.max(134, 78 + longest * 7))}px` } as CSSProperties;
}

function indexOfEvent(event: MouseEvent): number | null {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset.index) : null;
}

function modeOf(event: MouseEvent | KeyboardEvent): PickMode {
  if (event.shiftKey) return 'extend';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'replace';
}

/** Finds the current row again after the list changed; null: where it was, or not in reach. */
function shiftOf(selection: Selection, rowAt: (index: number) => CompareRow | undefined): number | null {
  const { focus, focusPath } = selection;
  const found = focus === null ? undefined : rowAt(focus);
  if (focus === null || focusPath === null || !found || found.relPath === focusPath) return null;
  for (let distance = 1; distance <= 400; distance += 1) {
    if (rowAt(focus + distance)?.relPath === focusPath) return distance;
    if (rowAt(focus - distance)?.relPath === focusPath) return -distance;
  }
  return null;
}

/** The aligned rows of both sides. Only what is in sight is in the page, however many rows there are. */
export function RowGrid(props: RowGridProps) {
  const { view, total, names, selection, isDimmed, handle, onMove, onOpen, onBack, onSort, onShifted } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { rowHeight, headHeight } = useGridSizes();
  const now = useNow();
  const startOffset = useRef((selection.focus ?? 0) * rowHeight);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    initialOffset: startOffset.current === 0 ? 0 : Math.max(0, startOffset.current - 200),
  });
  const items = virtualizer.getVirtualItems();
  const rowAt = useRows({ view, total, first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 });

  useRowMeasure(virtualizer, rowHeight);
  useImperativeHandle(
    handle,
    () => ({
      focus: () => scroller.current?.focus(),
      hasFocus: () => document.activeElement === scroller.current,
    }),
    [],
  );

  const key = viewKey(view);
  const shownKey = useRef(key);
  useEffect(() => {
    if (shownKey.current === key) return;
    shownKey.current = key;
    if (virtualizer.scrollOffset !== 0) virtualizer.scrollToOffset(0);
  }, [key, virtualizer]);

  const shift = shiftOf(selection, rowAt);
  useEffect(() => {
    if (shift === null) return;
    onShifted(shift);
    virtualizer.scrollBy(shift * rowHeight);
  }, [shift, onShifted, virtualizer, rowHeight]);

  const moveTo = (index: number, mode: PickMode) => {
    onMove(index, rowAt(index), mode);
    virtualizer.scrollToIndex(index, { align: 'auto' });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const rowsPerScreen = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1);
    const target = targetOf(event.key, selection.focus, total, rowsPerScreen);
    const isMod = event.ctrlKey || event.metaKey;
    if (target !== null && !event.altKey) moveTo(target, event.shiftKey ? 'extend' : isMod ? 'keep' : 'replace');
    else if (event.key === ' ' && selection.focus !== null)
      moveTo(selection.focus, event.shiftKey ? 'extend' : 'toggle');
    else if (event.key === 'Enter' && event.target === scroller.current) onOpen();
    else if (event.key === 'Escape') onBack();
    else if (event.key === 'a' && isMod) props.onSelectAll();
    else return;
    event.preventDefault();
  };

  const onClick = (event: MouseEvent) => {
    const index = indexOfEvent(event);
    if (index !== null) onMove(index, rowAt(index), modeOf(event));
  };

  const onContextMenu = (event: MouseEvent) => {
    const index = indexOfEvent(event);
    const row = index === null ? undefined : rowAt(index);
    if (index !== null) onMove(index, row, row && isPicked(selection, row.relPath) ? 'keep' : 'replace');
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={`${names.a} and ${names.b}, row by row`}
      aria-rowcount={total + 1}
      aria-colcount={6}
      aria-multiselectable
      aria-activedescendant={selection.focus === null ? undefined : rowId(selection.focus)}
      tabIndex={0}
      className="row-grid"
      style={columnsFor(names)}
      data-dim-a={isDimmed.a || undefined}
      data-dim-b={isDimmed.b || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={(event) => indexOfEvent(event) !== null && onOpen()}
      onContextMenu={onContextMenu}
    >
      <GridHead view={view} names={names} onSort={onSort} />
      <div role="rowgroup" className="grid-rows" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rowAt(index);
          return (
            <DiffRow
              key={index}
              index={index}
              top={start - headHeight}
              row={row}
              names={names}
              now={now}
              below={view.folder}
              isFocused={index === selection.focus}
              isSelected={row !== undefined && isPicked(selection, row.relPath)}
            />
          );
        })}
      </div>
    </div>
  );
}
