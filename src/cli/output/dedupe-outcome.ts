import type { DedupePlan } from '../../contract/dedupe.ts';
import type { Step, Task } from '../../contract/queue.ts';
import { formatBytes, plural } from './format.ts';
import type { Look } from './look.ts';
import { stepLines } from './step-lines.ts';

export interface Applied {
  readonly plan: DedupePlan;
  /** null: there was nothing to do. */
  readonly task: Task | null;
  /** Files that were left as they are, for whatever reason. */
  readonly skipped: readonly Step[];
}

/** The document that the reference promises to scripts; keys are only ever added. */
export function appliedJson({ plan, task, skipped }: Applied) {
  const files = task?.done.files ?? 0;
  return {
    deleted: plan.action === 'delete' ? files : 0,
    replaced: plan.action === 'delete' ? 0 : files,
    reclaimedBytes: task?.reclaimedBytes ?? 0,
    reclaimedIsEstimate: task?.reclaimedIsEstimate ?? false,
    skipped: skipped.map((step) => ({
      location: step.from ?? task?.src ?? null,
      relPath: step.relPath,
      reason: reasonOf(step),
      code: step.code,
    })),
    problems: plan.problems,
    taskId: task?.id ?? null,
  };
}

export function* appliedLines({ plan, task, skipped }: Applied, look: Look): Iterable<string> {
  if (task === null) yield 'There was nothing to do: every file stays.';
  else {
    const did = plan.action === 'delete' ? 'Deleted' : 'Replaced';
    const about = task.reclaimedIsEstimate ? 'about ' : '';
    yield `${did} ${plural(task.done.files, 'file')}; ${about}${formatBytes(task.reclaimedBytes)} came free.`;
  }
  for (const problem of plan.problems) yield look.yellow(problem);
  if (skipped.length === 0) return;
  yield '';
  yield look.bold(`Left as they are (${skipped.length})`);
  yield* stepLines(skipped, { reason: reasonOf, mark: look.yellow('!') }, look);
}

function reasonOf({ message, code }: Step): string {
  return message ?? code ?? 'It was not done.';
}
