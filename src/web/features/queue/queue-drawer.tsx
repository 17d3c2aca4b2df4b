import { lazy, Suspense, useEffect } from 'react';
import { onTaskEnded } from '../../api/ended-tasks.ts';
import { useQueueHead } from '../../api/queries.ts';
import { countEnded, forgetEnded } from '../../api/transfer-progress.ts';
import { useTransferRequest } from '../../api/transfer-requests.ts';
import { usePreference } from '../../ui/preferences.ts';
import { QueueBar } from './queue-bar.tsx';
import './queue.css';
import { useDrawerTab } from './drawer-state.ts';
import { dismissFailures, dismissStartNotices } from './start-notices.ts';
import { useCopyAtOnce } from './use-copy-at-once.ts';
import { useEndedNotices } from './use-ended-notices.ts';
import { useNames } from './use-names.ts';
import { useQueueCommands } from './use-queue-commands.ts';

/** Loaded when they are first needed. */
const QueuePanel = lazy(async () => ({ default: (await import('./queue-panel.tsx')).QueuePanel }));
const TransferDialogs = lazy(async () => ({ default: (await import('./transfer-dialogs.tsx')).TransferDialogs }));

/** What ended counts as done until the queue is empty. */
function useCountEnded(isIdle: boolean): void {
  useEffect(() => onTaskEnded(countEnded), []);
  useEffect(() => {
    if (isIdle) forgetEnded();
  }, [isIdle]);
}

/** Notices stand above the open drawer, and those it makes needless go. */
function useNoticesBeside(isOpen: boolean): void {
  const height = usePreference('queueHeight');
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty('--drawer', isOpen ? `${height}px` : '0px');
  }, [isOpen, height]);
  const tab = useDrawerTab();
  useEffect(() => {
    if (isOpen) dismissStartNotices();
    if (isOpen && tab === 'failed') dismissFailures();
  }, [isOpen, tab]);
}

/** The queue on every page: a line, which opens; and the dialogs with which files come into it. */
export function QueueDrawer() {
  const queue = useQueueHead();
  const isOpen = usePreference('queueOpen');
  const asked = useTransferRequest();
  const nameOf = useNames();
  useEndedNotices(nameOf);
  useCopyAtOnce(nameOf);
  useNoticesBeside(isOpen);
  useCountEnded(queue !== undefined && queue.totals.running + queue.totals.waiting === 0);
  useQueueCommands(queue);
  return (
    <>
      <section className="queue" aria-label="Queue">
        {queue && isOpen && (
          <Suspense>
            <QueuePanel queue={queue} />
          </Suspense>
        )}
        {queue ? <QueueBar queue={queue} /> : <div className="queue-bar" aria-hidden />}
      </section>
      <Suspense>{asked.number > 0 && <TransferDialogs asked={asked} />}</Suspense>
    </>
  );
}
