import { FileJson, OctagonAlert, RotateCw, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Task, TaskPlan } from '../../../contract/queue.ts';
import { allSteps, type StepBucket } from '../../api/all-steps.ts';
import { type ApiError, toApiError } from '../../api/api-error.ts';
import { useLocations } from '../../api/queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { noticeFailure } from '../../ui/notices.ts';
import { saveFile } from '../../ui/save-file.ts';
import { PlanBuckets } from './plan-buckets.tsx';
import {
  changesSomething,
  irreversibleText,
  lastCopiesText,
  planProblem,
  primaryLabel,
  spaceOf,
} from './plan-words.ts';
import { SpaceBar } from './space-bar.tsx';
import type { NameOf } from './task-words.ts';
import { useExecution } from './use-execution.ts';
import type { Planning } from './use-plan.ts';

interface PlanDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly description: ReactNode;
  readonly planning: Planning<{ readonly planId: string }>;
  readonly plan: TaskPlan | undefined;
  readonly nameOf: NameOf;
  /** Something is deleted: the button says so by its colour, and the focus starts beside it. */
  readonly isDangerous: boolean;
  /** Why this plan must not be carried out, beyond what every plan needs. */
  readonly problem?: string | null;
  readonly options?: ReactNode;
  readonly bucketActions?: Readonly<Partial<Record<StepBucket, ReactNode>>>;
  readonly execute: (input: { planId: string; confirm?: string }) => Promise<Task>;
  readonly onClose: () => void;
}

function exportPlan(plan: TaskPlan): void {
  allSteps({ task: plan.planId })
    .then((steps) =>
      saveFile(
        `weightroom-plan-${plan.planId}.json`,
        `${JSON.stringify({ plan, steps }, null, 2)}\n`,
        'application/json',
      ),
    )
    .catch((thrown: unknown) => noticeFailure(toApiError(thrown)));
}

function Failed({ error, onAgain }: { readonly error: ApiError; readonly onAgain: () => void }) {
  return (
    <Banner
      tone="failed"
      icon={OctagonAlert}
      title={error.message}
      actions={
        <Button icon={RotateCw} onClick={onAgain}>
          Plan again
        </Button>
      }
    >
      {error.hint}
    </Banner>
  );
}

function Warnings({ plan, nameOf }: { readonly plan: TaskPlan; readonly nameOf: NameOf }) {
  const texts = [lastCopiesText(plan), irreversibleText(plan, nameOf)].filter((text) => text !== null);
  if (texts.length === 0) return null;
  return (
    <div className="plan-warning" data-staged={plan.staged || undefined}>
      <TriangleAlert size={16} aria-hidden />
      <div>
        {texts.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </div>
    </div>
  );
}

/** Shows the plan that it will carry out: counts, lists, space, consequences. */
export function PlanDialog(props: PlanDialogProps) {
  const { isOpen, title, description, planning, plan, nameOf, isDangerous, options, execute, onClose } = props;
  const [typed, setTyped] = useState('');
  const { data: locations } = useLocations();
  const execution = useExecution({ execute, planning, onClose, nameOf });
  const drive = plan && (plan.dst ?? plan.src);
  const driveName = drive === undefined ? '' : nameOf(drive);
  const volume = locations?.find(({ id }) => id === drive)?.volume;
  const space = plan ? spaceOf(plan, volume?.freeBytes ?? null) : null;
  const problem = plan ? (planProblem(plan, driveName) ?? props.problem ?? null) : null;
  const isTyped = plan?.confirm == null || typed.trim() === plan.confirm;
  const isReady = plan !== undefined && !planning.isPlanning && problem === null && isTyped && !execution.isBusy;
  const run = () => {
    if (isReady) execution.run(plan.planId, plan.confirm === null ? undefined : typed.trim());
  };
  const error = execution.error ?? planning.error;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      description={description}
      className="dialog-plan"
      actions={
        <>
          {plan && (
            <Button tone="ghost" icon={FileJson} className="mr-auto" onClick={() => exportPlan(plan)}>
              Export list
            </Button>
          )}
          <Button data-start={isDangerous || undefined} onClick={onClose}>
            Cancel
          </Button>
          <Button
            tone={isDangerous ? 'danger' : 'primary'}
            data-start={!isDangerous || undefined}
            aria-disabled={!isReady}
            isBusy={planning.isPlanning || execution.isBusy}
            onClick={run}
          >
            {plan ? primaryLabel(plan) : planning.isPlanning ? 'Making a plan …' : 'No plan'}
          </Button>
        </>
      }
    >
      <div className="plan" aria-busy={planning.isPlanning}>
        {error && <Failed error={error} onAgain={execution.again} />}
        {!plan && !error && <PlanSkeleton />}
        {plan && (
          <>
            <PlanBuckets
              plan={plan}
              src={nameOf(plan.src)}
              dst={driveName}
              {...(props.bucketActions ? { actions: props.bucketActions } : {})}
            />
            {problem && (
              <p className="plan-problem" role="status">
                {problem}
              </p>
            )}
            {space && changesSomething(plan) && (
              <SpaceBar space={space} name={driveName} totalBytes={volume?.totalBytes ?? null} />
            )}
          </>
        )}
        {options && <div className="plan-options">{options}</div>}
        {plan && <Warnings plan={plan} nameOf={nameOf} />}
        {plan?.confirm != null && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              run();
            }}
          >
            <TextField
              label={`Type ${plan.confirm} to go on`}
              hint={plan.confirmReason}
              value={typed}
              onChange={setTyped}
              autoComplete="off"
              spellCheck={false}
            />
          </form>
        )}
      </div>
    </Dialog>
  );
}

function PlanSkeleton() {
  return (
    <div className="buckets" aria-hidden>
      {[40, 55, 30].map((width) => (
        <div key={width} className="bucket">
          <span className="skeleton" style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  );
}
