import { ChevronDown, CircleSlash, Eraser, RotateCw } from 'lucide-react';
import type { Queue } from '../../../contract/queue.ts';
import { useCancelTasks, useClearFinished, useRetryTasks } from '../../api/actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { setPreference, usePreference } from '../../ui/preferences.ts';
import { Splitter } from '../../ui/splitter.tsx';
import { type DrawerTab, drawerTabs, showTab } from './drawer-state.ts';

const words: Readonly<Record<DrawerTab, string>> = { active: 'Now and next', done: 'Done', failed: 'Failed' };

function countsOf({ totals }: Queue): Readonly<Record<DrawerTab, number>> {
  return {
    active: totals.running + totals.waiting,
    done: totals.finished - totals.failed,
    failed: totals.failed,
  };
}

/** Which tasks are shown, and what can be done with all of them. */
export function PanelHead({ queue, tab }: { readonly queue: Queue; readonly tab: DrawerTab }) {
  const height = usePreference('queueHeight');
  const retry = useRetryTasks();
  const clear = useClearFinished();
  const cancel = useCancelTasks();
  const counts = countsOf(queue);
  return (
    <>
      <Splitter
        label="Height of the queue"
        width={height}
        range={[160, 720]}
        grows="up"
        onWidth={(next) => setPreference('queueHeight', next)}
        onReset={() => setPreference('queueHeight', 300)}
      />
      <header className="queue-head">
        <div role="group" aria-label="Tasks shown" className="flex gap-1">
          {drawerTabs.map((one) => (
            <button key={one} type="button" className="chip" aria-pressed={one === tab} onClick={() => showTab(one)}>
              {words[one]} <span className="chip-count">{formatCount(counts[one])}</span>
            </button>
          ))}
        </div>
        <div className="queue-choices">
          {counts.failed > 0 && (
            <Button tone="ghost" icon={RotateCw} aria-label="Try failed again" onClick={() => retry.mutate({})}>
              Try failed again
            </Button>
          )}
          {counts.active > 1 && (
            <Button
              tone="ghost"
              icon={CircleSlash}
              aria-label="Cancel all"
              onClick={() => cancel.mutate({ all: true })}
            >
              Cancel all
            </Button>
          )}
          {counts.done + counts.failed > 0 && (
            <Button tone="ghost" icon={Eraser} aria-label="Clear finished" onClick={() => clear.mutate({})}>
              Clear finished
            </Button>
          )}
          <IconButton
            icon={ChevronDown}
            label="Close the queue"
            keys="q"
            onClick={() => setPreference('queueOpen', false)}
          />
        </div>
      </header>
    </>
  );
}
