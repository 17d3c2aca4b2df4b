import { toApiError } from '../../api/api-error.ts';
import { Failure } from '../../ui/failure.tsx';
import { countOf, formatBytes } from '../../ui/format.ts';
import { ListedRows, type ListedRowsProps } from './listed-rows.tsx';
import type { Side } from './states.ts';
import type { RowList } from './use-row-list.ts';

interface RowPanesProps extends Omit<ListedRowsProps, 'list'> {
  readonly lists: Readonly<Record<Side, RowList>>;
  readonly active: Side;
  readonly onActive: (side: Side) => void;
}

interface PaneProps extends ListedRowsProps {
  readonly side: Side;
  readonly isActive: boolean;
  readonly onFocus: () => void;
}

function Pane({ list, side, isActive, onFocus, ...rest }: PaneProps) {
  const name = rest.names[side];
  const { shown, error, total, totalBytes } = list;
  return (
    <section className="pane" aria-label={`${name} alone`} data-active={isActive || undefined} onFocus={onFocus}>
      <header className="pane-head">
        <span className="pane-name">{name}</span>
        {shown && (
          <span>
            {countOf(total, 'file')}, {formatBytes(totalBytes ?? 0)}
          </span>
        )}
      </header>
      <div className="pane-rows">
        {error && !shown ? <Failure failure={toApiError(error)} onRetry={list.retry} /> : null}
        {shown && total === 0 ? <p className="pane-empty">Nothing on {name} matches what is shown.</p> : null}
        {!error && (!shown || total > 0) ? <ListedRows list={list} {...rest} /> : null}
      </div>
    </section>
  );
}

/** A list per side, each with its own place and order. */
export function RowPanes({ lists, active, onActive, ...rest }: RowPanesProps) {
  return (
    <div className="panes">
      {(['a', 'b'] as const).map((side) => (
        <Pane
          key={side}
          side={side}
          list={lists[side]}
          isActive={side === active}
          onFocus={() => onActive(side)}
          {...rest}
        />
      ))}
    </div>
  );
}
