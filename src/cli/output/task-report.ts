import type { Step, Task, TaskPlan } from '../../contract/queue.ts';
import { formatBytes, formatCount, formatDuration, formatTime, plural } from './format.ts';
import type { Look } from './look.ts';
import { toldLines } from './plan-report.ts';
import { stepLines } from './step-lines.ts';

interface Ended {
  readonly plan: TaskPlan;
  readonly task: Task | null;
  readonly failed: readonly Step[];
  readonly skipped: readonly Step[];
  readonly skippedCount: number;
}

const did = { copy: 'Copied', move: 'Moved', delete: 'Deleted', mirror: 'Mirrored', dedupe: 'Dealt with' } as const;

/** How a task ended, for people. */
export function* endedLines({ plan, task, failed, skipped, skippedCount }: Ended, look: Look): Iterable<string> {
  if (task === null)
    yield plan.kind === 'move' && skipped.length > 0 ? 'Nothing was moved.' : 'There was nothing to do.';
  else yield `${did[task.kind]} ${plural(task.done.files, 'file')}, ${formatBytes(task.done.bytes)}${pace(task)}.`;
  if (task?.undoUntilMs != null) {
    yield `Until ${formatTime(task.undoUntilMs)} it can be undone: weightroom queue undo ${task.id}`;
  }
  yield* toldLines(skipped, plan, look, skippedCount);
  if (failed.length === 0) return;
  yield '';
  yield look.bold(`Failed (${formatCount(failed.length)})`);
  yield* stepLines(failed, { reason: ({ message }) => message ?? 'It failed.', mark: look.red('✗') }, look);
  if (task !== null && task.failed > 0) yield `Try them again: weightroom queue retry ${task.id}`;
}

/** ` in 12 s (104 MiB/s)` */
function pace({ kind, startedMs, finishedMs, averageBytesPerSecond }: Task): string {
  if (startedMs === null || finishedMs === null) return '';
  const speed = kind === 'delete' || averageBytesPerSecond <= 0 ? '' : ` (${formatBytes(averageBytesPerSecond)}/s)`;
  return ` in ${formatDuration(finishedMs - startedMs)}${speed}`;
}
