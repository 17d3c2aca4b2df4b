import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useRef } from 'react';
import type { DedupeGroup, DedupeScan } from '../../../contract/dedupe.ts';
import { countOf, formatBytes, formatCount } from '../../ui/format.ts';
import { splitTail, visibleName } from '../../ui/visible-name.ts';
import { type Choices, countDecisions, type Decision, decisionOf, type GroupFilter, groupFilters } from './choices.ts';
import { DecisionMark } from './decision-mark.tsx';
import { fileNameOf } from './group-files.ts';
import { ProgressRing } from './progress-ring.tsx';
import { useGroups } from './queries.ts';

interface GroupListProps {
  readonly scan: DedupeScan;
  readonly total: number;
  readonly current: number;
  readonly choices: Choices;
  readonly filter: GroupFilter;
  /** Numbers of the groups that the filter lets through; null: all. */
  readonly shown: readonly number[] | null;
  readonly onFilter: (filter: GroupFilter) => void;
  readonly onGo: (group: number) => void;
  readonly onStep: (by: number) => void;
}

/** Same figure as `--group` in dedupe.css. */
const rowHeight = 44;
const rowsPerPage = 10;

const filterWords: Readonly<Record<GroupFilter, string>> = {
  all: 'All groups',
  undecided: 'Undecided',
  'by-hand': 'Decided by you',
  'by-rules': 'Decided by rules',
  skipped: 'Skipped',
};

const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: rowsPerPage,
  PageUp: -rowsPerPage,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const rowId = (group: number) => `duplicates-${group}`;

interface GroupRowProps {
  readonly number: number;
  readonly group: DedupeGroup | undefined;
  readonly decision: Decision;
  readonly isCurrent: boolean;
  readonly place: number;
  readonly count: number;
  readonly top: number;
}

const tailLength = 9;

/** The name without its ending, which most have in common; cut in its middle. */
function Stem({ path }: { readonly path: string }) {
  const name = visibleName(fileNameOf(path));
  const dot = name.lastIndexOf('.');
  const [head, tail] = splitTail(dot > 0 ? name.slice(0, dot) : name, tailLength);
  return (
    <>
      {head !== '' && <span className="path-head">{head}</span>}
      <span className="path-tail">{tail}</span>
    </>
  );
}

const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { number, group, decision, isCurrent, place, count, top } = props;
  const path = group?.files[0]?.relPath;
  return (
    <div
      id={rowId(number)}
      role="option"
      aria-selected={isCurrent}
      aria-setsize={count}
      aria-posinset={place + 1}
      className="group-row"
      data-decision={decision}
      style={{ transform: `translateY(${top}px)` }}
      data-group={number}
    >
      <DecisionMark decision={decision} />
      {group && path !== undefined ? (
        <>
          <span className="group-name" data-tip={path} data-tip-if-cut="">
            <Stem path={path} />
          </span>
          <span className="group-frees" data-tip-bytes={group.reclaimableBytes}>
            {formatBytes(group.reclaimableBytes)}
          </span>
          <span className="group-note">
            {countOf(group.files.length, 'copy', 'copies')} of {formatBytes(group.size)}
          </span>
        </>
      ) : (
        <span className="skeleton w-2/3" />
      )}
    </div>
  );
});

function Head({
  total,
  current,
  choices,
  filter,
  onFilter,
}: Omit<GroupListProps, 'scan' | 'shown' | 'onGo' | 'onStep'>) {
  const { byHand, byRules, skipped, undecided } = countDecisions(choices, total);
  const parts = [
    byHand > 0 ? `${formatCount(byHand)} by you` : '',
    byRules > 0 ? `${formatCount(byRules)} by rules` : '',
    skipped > 0 ? `${formatCount(skipped)} skipped` : '',
    undecided > 0 ? `${formatCount(undecided)} undecided` : '',
  ].filter(Boolean);
  return (
    <div className="group-list-head">
      <ProgressRing share={total === 0 ? 0 : 1 - undecided / total} />
      <div className="min-w-0">
        <p className="group-list-place">
          Group {formatCount(current + 1)} of {formatCount(total)}
        </p>
        <p className="group-list-counts">{parts.join(', ')}</p>
      </div>
      <select
        className="select group-filter"
        aria-label="Groups shown"
        value={filter}
        onChange={({ target }) => onFilter(groupFilters.find((one) => one === target.value) ?? 'all')}
      >
        {groupFilters.map((one) => (
          <option key={one} value={one}>
            {filterWords[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** All groups, biggest gain first. Only those in sight are in the page. */
export function GroupList(props: GroupListProps) {
  const { scan, total, current, choices, filter, shown, onGo, onStep } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const count = shown?.length ?? total;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const items = virtualizer.getVirtualItems();
  const numberAt = (place: number) => (shown === null ? place : (shown[place] ?? 0));
  const { groupAt } = useGroups(
    scan,
    items.map(({ index }) => numberAt(index)),
  );
  const place = shown === null ? current : shown.indexOf(current);
  useEffect(() => {
    if (place >= 0) virtualizer.scrollToIndex(place);
  }, [virtualizer, place]);

  const onKeyDown = (event: KeyboardEvent) => {
    const by = steps[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onStep(by);
  };
  const onClick = ({ target }: MouseEvent) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-group]') : null;
    if (row) onGo(Number(row.dataset.group));
  };
  return (
    <section className="group-list" aria-label="Groups">
      <Head {...props} />
      {count === 0 && <p className="group-list-empty">No group is {filterWords[filter].toLowerCase()}.</p>}
      <div
        ref={scroller}
        role="listbox"
        aria-label="Groups, those that free most first"
        aria-activedescendant={items.some(({ index }) => index === place) ? rowId(current) : undefined}
        tabIndex={0}
        className="group-rows"
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <GroupRow
              key={numberAt(index)}
              number={numberAt(index)}
              group={groupAt(numberAt(index))}
              decision={decisionOf(choices, numberAt(index))}
              isCurrent={numberAt(index) === current}
              place={index}
              count={count}
              top={start}
            />
          ))}
        </div>
      </div>
    </section>
  );
}
