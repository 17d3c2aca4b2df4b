import { useQuery } from '@tanstack/react-query';
import { CircleCheck, FileJson, FileSpreadsheet, ListX, RotateCw, Square, TriangleAlert } from 'lucide-react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import type { Step, Task } from '../../../contract/queue.ts';
import { useCancelTasks } from '../../api/actions.ts';
import { allSteps } from '../../api/all-steps.ts';
import { toApiError } from '../../api/api-error.ts';
import { keys } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf, formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { formatDuration } from '../../ui/format-time.ts';
import { noticeFailure } from '../../ui/notices.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { reportCsv, reportJson } from './dedupe-report.ts';
import { countWays, type RunCounts } from './run-counts.ts';
import { leftAloneQuery, taskQuery } from './task-queries.ts';
import { useLocationNames } from './use-location-names.ts';

interface ResultStepProps {
  readonly scan: DedupeScan;
  readonly task: string | undefined;
  readonly isBusy: boolean;
  readonly onAgain: () => void;
}

const hasEnded = ({ state }: Task) => state === 'done' || state === 'failed' || state === 'cancelled';

function Running({ task }: { readonly task: Task }) {
  const { mutate: cancel } = useCancelTasks();
  const { done, total, skipped, current, etaSeconds, hold, state } = task;
  const share = total.files === 0 ? 0 : (done.files + skipped) / total.files;
  const eta = etaSeconds === null ? '' : `, ${formatDuration(etaSeconds)} left`;
  return (
    <section className="panel run" aria-label="Progress">
      <h2 className="run-title">
        {state === 'running' ? 'Under way' : 'Waits in the queue'}: {formatCount(done.files)} of{' '}
        {countOf(total.files, 'file')}
      </h2>
      <ProgressBar label="Removing duplicates" value={Math.min(1, share)} />
      <p className="text-muted">
        {formatBytes(done.bytes)} of {formatBytes(total.bytes)}, {task.reclaimedIsEstimate && 'about '}
        {formatBytes(task.reclaimedBytes)} came free
        {eta}
        {skipped > 0 && `, ${formatCount(skipped)} skipped`}
      </p>
      {hold && <p className="run-hold">{hold.message}</p>}
      {current !== null && (
        <p className="copy-path">
          <bdi>{visibleName(current)}</bdi>
        </p>
      )}
      <Button icon={Square} onClick={() => cancel({ ids: [task.id] })}>
        Cancel
      </Button>
      <p className="field-hint">It goes on while you do something else; the queue shows it on every page.</p>
    </section>
  );
}

function report(task: Task, format: 'json' | 'csv'): void {
  allSteps({ task: task.id })
    .then((steps) => {
      const name = `weightroom-duplicates-${task.id}.${format}`;
      if (format === 'json') saveFile(name, reportJson(task, steps), 'application/json');
      else saveFile(name, reportCsv(task, steps), 'text/csv');
    })
    .catch((thrown: unknown) => noticeFailure(toApiError(thrown)));
}

function Outcome({ task, counts }: { readonly task: Task; readonly counts: RunCounts | undefined }) {
  const { deleted, replaced, skipped, failed } = counts ?? {
    deleted: task.done.files,
    replaced: 0,
    skipped: task.skipped,
    failed: task.failed,
  };
  const figures = [
    ['Deleted', deleted],
    ['Replaced', replaced],
    ['Skipped', skipped],
    ['Failed', failed],
  ] as const;
  return (
    <dl className="figures" aria-busy={counts === undefined}>
      {figures.map(([title, count]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{formatCount(count)}</dd>
        </div>
      ))}
      <div>
        <dt>Came free</dt>
        <dd data-tip={formatExactBytes(task.reclaimedBytes)}>
          {task.reclaimedIsEstimate && 'about '}
          {formatBytes(task.reclaimedBytes)}
        </dd>
      </div>
    </dl>
  );
}

function LeftAlone({ task, steps }: { readonly task: Task; readonly steps: readonly Step[] }) {
  const nameOf = useLocationNames();
  if (steps.length === 0) return null;
  return (
    <section aria-labelledby="left-alone">
      <h2 id="left-alone" className="dedupe-heading">
        Left alone, and why
      </h2>
      <div className="panel">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ n, relPath, from, message, state }) => (
              <tr key={n}>
                <td>
                  {nameOf(from ?? task.src)}
                  <p className="copy-path">
                    <bdi>{visibleName(relPath)}</bdi>
                  </p>
                </td>
                <td>{message ?? (state === 'cancelled' ? 'The run was cancelled before its turn.' : state)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function titleOf({ state, skipped, failed }: Task): string {
  if (state === 'cancelled') return 'Cancelled. What was done until then stays done.';
  if (failed > 0) return `Done, but ${countOf(failed, 'file')} failed.`;
  return skipped > 0 ? `Done. ${countOf(skipped, 'file')} ${skipped === 1 ? 'was' : 'were'} left alone.` : 'Done.';
}

function Ended({ task, isBusy, onAgain }: Pick<ResultStepProps, 'isBusy' | 'onAgain'> & { readonly task: Task }) {
  const counts = useQuery({
    queryKey: [...keys.steps(task.id), 'counts'],
    queryFn: async () => countWays(await allSteps({ task: task.id })),
  });
  const left = useQuery(leftAloneQuery(task.id));
  const isClean = task.state === 'done' && task.failed === 0 && task.skipped === 0;
  const Icon = isClean ? CircleCheck : TriangleAlert;
  return (
    <>
      <h2 className="run-title" data-clean={isClean}>
        <Icon size={18} aria-hidden />
        {titleOf(task)}
      </h2>
      <Outcome task={task} counts={counts.data} />
      <div className="run-actions">
        <Button icon={FileSpreadsheet} onClick={() => report(task, 'csv')}>
          Save report (CSV)
        </Button>
        <Button icon={FileJson} onClick={() => report(task, 'json')}>
          Save report (JSON)
        </Button>
        <Button icon={RotateCw} isBusy={isBusy} onClick={onAgain}>
          Look again
        </Button>
      </div>
      {left.error && <Failure failure={toApiError(left.error)} onRetry={() => void left.refetch()} />}
      <LeftAlone task={task} steps={left.data?.steps ?? []} />
      {left.data && left.data.nextN !== null && <p className="field-hint">There are more; the report lists all.</p>}
    </>
  );
}

/** How the run goes, and what became of every file of it. */
export function ResultStep({ task: id, isBusy, onAgain }: ResultStepProps) {
  const { data: task, error, refetch } = useQuery(taskQuery(id ?? ''));
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (task === undefined) return <div aria-busy className="dedupe-body" />;
  if (task === null) {
    return (
      <div className="dedupe-body">
        <EmptyState
          icon={ListX}
          title="This run is no longer in the queue"
          action={
            <Button icon={RotateCw} isBusy={isBusy} onClick={onAgain}>
              Look again
            </Button>
          }
        >
          Finished tasks go when the queue is cleared. What it deleted stays deleted.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="dedupe-body">
      <div className="review">
        {hasEnded(task) ? <Ended task={task} isBusy={isBusy} onAgain={onAgain} /> : <Running task={task} />}
      </div>
    </div>
  );
}
