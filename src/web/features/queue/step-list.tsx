import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useRef } from 'react';
import type { Step } from '../../../contract/queue.ts';
import type { StepFilter } from '../../api/all-steps.ts';
import { toApiError } from '../../api/api-error.ts';
import { Failure } from '../../ui/failure.tsx';
import { formatBytes } from '../../ui/format.ts';
import { PathText } from '../../ui/path-text.tsx';
import { useRowHeight } from '../../ui/preferences.ts';
import { useRowMeasure } from '../../ui/use-row-measure.ts';
import { stateWords, stepText } from './step-words.ts';
import { useSteps } from './use-steps.ts';

interface StepListProps {
  readonly filter: StepFilter;
  readonly label: string;
  /** In a plan nothing has become of the steps yet: only what there is to say of one is shown. */
  readonly isPlan?: boolean;
  readonly isLive?: boolean;
  readonly empty: string;
}

const overscan = 8;
const liveRefetchMs = 2_000;

function noteOf(step: Step, isPlan: boolean): string {
  if (!isPlan) return stepText(step);
  if (step.message !== null) return step.message;
  return step.toRelPath === null ? '' : `as ${step.toRelPath}`;
}

interface StepRowProps {
  readonly step: Step | undefined;
  readonly top: number;
  readonly isPlan: boolean;
}

const StepRow = memo(function StepRow({ step, top, isPlan }: StepRowProps) {
  if (!step) {
    return (
      <div className="step" role="row" aria-busy style={{ transform: `translateY(${top}px)` }}>
        <span role="gridcell" className="skeleton w-1/2" />
      </div>
    );
  }
  const note = noteOf(step, isPlan);
  return (
    <div
      className="step"
      role="row"
      data-state={isPlan ? undefined : step.state}
      style={{ transform: `translateY(${top}px)` }}
    >
      {!isPlan && <span className="step-dot" data-state={step.state} data-tip={stateWords[step.state]} aria-hidden />}
      <span role="gridcell" className="step-path" data-tip={step.relPath} data-tip-if-cut="">
        <PathText path={step.relPath} />
      </span>
      <span role="gridcell" className="step-note" data-tip={note} data-tip-if-cut="">
        {note}
      </span>
      <span role="gridcell" className="step-size" data-tip-bytes={step.size}>
        {formatBytes(step.size)}
      </span>
    </div>
  );
});

/** The files of a task or plan. Only those in sight are in the page, however many there are. */
export function StepList({ filter, label, isPlan = false, isLive = false, empty }: StepListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const { scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
  const steps = useSteps(filter, {
    first: Math.floor(scrollTop / rowHeight),
    last: Math.ceil((scrollTop + clientHeight) / rowHeight) + overscan,
    refetchInterval: isLive ? liveRefetchMs : false,
  });
  const count = steps.count ?? 3;
  const virtualizer = useVirtualizer({
    count: count + (steps.hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
  });
  useRowMeasure(virtualizer, rowHeight);
  const items = virtualizer.getVirtualItems();
  if (steps.error) return <Failure failure={toApiError(steps.error)} onRetry={() => void steps.retry()} />;
  if (steps.count === 0) return <p className="steps-empty">{empty}</p>;
  return (
    <div
      ref={scroller}
      className="steps"
      role="grid"
      aria-label={label}
      aria-rowcount={steps.hasMore ? -1 : count}
      aria-busy={steps.count === undefined}
      tabIndex={0}
    >
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => (
          <StepRow key={index} step={steps.stepAt(index)} top={start} isPlan={isPlan} />
        ))}
      </div>
    </div>
  );
}
