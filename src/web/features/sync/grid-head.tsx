import { ArrowDown, ArrowUp } from 'lucide-react';
import type { DiffView, SortKey } from './diff-view.ts';
import type { SideNames } from './states.ts';

interface Column {
  readonly key: SortKey;
  readonly title: string;
  readonly label: string;
  readonly area: string;
}

function columnsOf(names: SideNames): readonly Column[] {
  return [
    { key: 'size-a', title: 'Size', label: `Size on ${names.a}`, area: 'area-size-a' },
    { key: 'mtime-a', title: 'Changed', label: `Changed on ${names.a}`, area: 'area-time-a' },
    { key: 'state', title: 'State', label: 'State', area: 'area-state' },
    { key: 'path', title: 'Path', label: 'Path', area: 'area-path' },
    { key: 'size-b', title: 'Size', label: `Size on ${names.b}`, area: 'area-size-b' },
    { key: 'mtime-b', title: 'Changed', label: `Changed on ${names.b}`, area: 'area-time-b' },
  ];
}

interface GridHeadProps {
  readonly view: DiffView;
  readonly names: SideNames;
  readonly onSort: (sort: SortKey | null, descending: boolean) => void;
}

/** Largest and newest first on the first press; the third press goes back to the usual order. */
function nextSort(view: DiffView, key: SortKey): readonly [SortKey | null, boolean] {
  const startsDescending = key.startsWith('size') || key.startsWith('mtime');
  const isFirstPath = key === 'path' && view.sort === null && view.query === '';
  if (view.sort !== key && !isFirstPath) return [key, startsDescending];
  return view.descending === startsDescending ? [key, !startsDescending] : [null, false];
}

export function GridHead({ view, names, onSort }: GridHeadProps) {
  const sorted = view.sort ?? (view.query === '' ? 'path' : 'relevance');
  return (
    <div role="row" aria-rowindex={1} className="grid-head">
      {columnsOf(names).map(({ key, title, label, area }) => {
        const isSorted = sorted === key;
        const order = view.descending ? 'descending' : 'ascending';
        return (
          <div key={key} role="columnheader" aria-sort={isSorted ? order : 'none'} className={`cell ${area}`}>
            <button
              type="button"
              className="sort"
              aria-label={`Sort by ${label}`}
              tabIndex={-1}
              onClick={() => onSort(...nextSort(view, key))}
            >
              {title}
              {isSorted && (view.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
            </button>
          </div>
        );
      })}
    </div>
  );
}
