import type { Task } from '../../../contract/queue.ts';
import { countOf } from '../../ui/format.ts';
import { endText, type NameOf } from './task-words.ts';

export interface EndedNotice {
  readonly tone: 'done' | 'failed';
  readonly title: string;
  readonly hint?: string | undefined;
  /** Task whose files can be put back. */
  readonly undo?: string | undefined;
}

/** More tasks than this, ended at once, are told as one. */
const toldOneByOne = 2;

function noticeOf(task: Task, nameOf: NameOf): EndedNotice {
  const title = endText(task, nameOf);
  if (task.state === 'failed') return { tone: 'failed', title, hint: task.error?.message };
  return { tone: 'done', title, undo: task.undoUntilMs === null ? undefined : task.id };
}

/** What to say of tasks that ended within a moment. A cancel is what a person just asked for, and not told. */
export function endedNotices(tasks: readonly Task[], nameOf: NameOf): readonly EndedNotice[] {
  const told = tasks.filter(({ state }) => state !== 'cancelled');
  if (told.length <= toldOneByOne) return told.map((task) => noticeOf(task, nameOf));
  const failed = told.filter(({ state }) => state === 'failed').length;
  const done = told.length - failed;
  return [
    ...(done > 0 ? [{ tone: 'done', title: `${countOf(done, 'task')} of the queue done.` } as const] : []),
    ...(failed > 0
      ? [
          {
            tone: 'failed',
            title: `${countOf(failed, 'task')} of the queue failed.`,
            hint: 'The queue says why.',
          } as const,
        ]
      : []),
  ];
}
