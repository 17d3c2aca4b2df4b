import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { SortKey } from '../../../contract/sync-words.ts';
import { setPreference, usePreference } from '../../ui/preferences.ts';
import { Splitter } from '../../ui/splitter.tsx';
import { type Column, widthRange } from './columns.ts';
import type { DiffView } from './diff-view.ts';
import { nextSort } from './next-sort.ts';

interface GridHeadProps {
  readonly view: DiffView;
  readonly columns: readonly Column[];
  readonly widthOf: (id: string) => number;
  readonly onSort: (sort: SortKey | null, descending: boolean) => void;
}

/** Widths are remembered for this viewer; without one the column has its usual width. */
function useColumnWidths() {
  const chosen = usePreference('columnWidths');
  return (id: string, width: number | null) => {
    const { [id]: _, ...others } = chosen;
    setPreference('columnWidths', width === null ? others : { ...others, [id]: width });
  };
}

/**
 * Titles that sort, and the lines between them that resize. One stop of the Tab key for all titles (left and right go
 * from one to the next) and one for the line of the title reached.
 */
export function GridHead({ view, columns, widthOf, onSort }: GridHeadProps) {
  const head = useRef<HTMLDivElement>(null);
  const sorted = view.sort ?? (view.query === '' ? 'path' : 'relevance');
  const [reached, setReached] = useState<string | null>(null);
  const stop = reached ?? columns.find(({ sort }) => sort === sorted)?.id ?? columns[0]?.id;
  const setWidth = useColumnWidths();

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    const from = columns.findIndex(({ id }) => id === stop);
    const next = columns[(from + by + columns.length) % columns.length];
    if (!next) return;
    setReached(next.id);
    head.current?.querySelector<HTMLElement>(`.${next.area} .sort`)?.focus();
    event.preventDefault();
  };

  return (
    <div ref={head} role="row" aria-rowindex={1} className="grid-head" onKeyDown={onKeyDown}>
      {columns.map(({ id, sort, title, label, area, grows }) => {
        const isSorted = sorted === sort;
        const order = view.descending ? 'descending' : 'ascending';
        return (
          <div key={id} role="columnheader" aria-sort={isSorted ? order : 'none'} className={`cell ${area}`}>
            <button
              type="button"
              className="sort"
              aria-label={`Sort by ${label}`}
              tabIndex={id === stop ? 0 : -1}
              onFocus={() => setReached(id)}
              onClick={() => onSort(...nextSort(view, sort))}
            >
              {title}
              {isSorted && (view.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
            </button>
            {grows !== null && (
              <Splitter
                className="column-line"
                label={`Width of ${label}`}
                width={widthOf(id)}
                range={widthRange}
                grows={grows}
                isTabStop={id === stop}
                onWidth={(width) => setWidth(id, width)}
                onReset={() => setWidth(id, null)}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
