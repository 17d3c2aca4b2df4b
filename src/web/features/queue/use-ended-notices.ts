import { useEffect, useRef } from 'react';
import type { Task } from '../../../contract/queue.ts';
import { useUndoTask } from '../../api/actions.ts';
import { onTaskEnded } from '../../api/ended-tasks.ts';
import { countOf } from '../../ui/format.ts';
import { noticeDone, noticeFailure } from '../../ui/notices.ts';
import { preferenceNow } from '../../ui/preferences.ts';
import { openDrawer } from './drawer-state.ts';
import { type EndedNotice, endedNotices } from './ended-notices.ts';
import { endStartNotice, keepFailure } from './start-notices.ts';
import type { NameOf } from './task-words.ts';

/** Tasks that end within this time are told together. */
const gatherMs = 400;

export function useUndo(): (id: string) => void {
  const { mutate } = useUndoTask();
  return (id) =>
    mutate(
      { id },
      {
        onSuccess: ({ restored, failed }) => {
          if (restored > 0) noticeDone(`${countOf(restored, 'file')} put back.`);
          const first = failed[0];
          if (first) {
            noticeFailure({
              message: `${countOf(failed.length, 'file')} could not be put back.`,
              hint: first.message ?? first.relPath,
            });
          }
        },
      },
    );
}

/** Says what ended while one looked elsewhere: failures always, the rest while the drawer is closed. */
export function useEndedNotices(nameOf: NameOf): void {
  const undo = useUndo();
  const latest = useRef({ nameOf, undo });
  latest.current = { nameOf, undo };
  useEffect(() => {
    let gathered: Task[] = [];
    let timer: number | undefined;
    const say = ({ tone, title, hint, undo: id }: EndedNotice) => {
      if (tone === 'failed')
        keepFailure(noticeFailure({ message: title, hint }, { label: 'Show', run: () => openDrawer('failed') }));
      else if (id !== undefined) noticeDone(title, { label: 'Undo', run: () => latest.current.undo(id) });
      else if (!preferenceNow('queueOpen')) noticeDone(title);
    };
    const tell = () => {
      const tasks = gathered;
      gathered = [];
      for (const notice of endedNotices(tasks, latest.current.nameOf)) say(notice);
    };
    const stop = onTaskEnded((task) => {
      endStartNotice(task);
      gathered.push(task);
      window.clearTimeout(timer);
      timer = window.setTimeout(tell, gatherMs);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, []);
}
