import { Pause, Play, Square } from 'lucide-react';
import type { HashProgress } from '../../contract/hashing.ts';
import type { Location } from '../../contract/locations.ts';
import { useCancelRefresh, useControlHashing } from '../api/actions.ts';
import { useHashing, useLocations, useQueueHead, useScan } from '../api/queries.ts';
import { useDoneShare } from '../api/transfer-progress.ts';
import { IconButton } from '../ui/button.tsx';
import { countOf, formatBytes } from '../ui/format.ts';
import { formatDuration } from '../ui/format-time.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { SpokenProgress } from './spoken-progress.tsx';
import { type TabProgress, useTabTitle } from './use-tab-title.ts';

function hashingText(progress: HashProgress): string {
  const done = `${formatBytes(progress.bytesDone)} of ${formatBytes(progress.bytesTotal)}`;
  if (progress.state === 'paused') return `Hashing paused, ${done}`;
  const eta = progress.etaSeconds === null ? '' : `, ${formatDuration(progress.etaSeconds)} left`;
  return `Hashing ${done}, ${formatBytes(progress.bytesPerSecond)}/s${eta}`;
}

function fractionOf({ bytesDone, bytesTotal }: HashProgress): number {
  return bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal);
}

function HashingActivity({ progress }: { readonly progress: HashProgress }) {
  const control = useControlHashing();
  const isPaused = progress.state === 'paused';
  const file = progress.current[0]?.relPath;
  return (
    <div className="activity-item">
      <span
        className="activity-text"
        data-tip={file ? `${countOf(progress.filesTotal, 'file')}, now ${file}` : undefined}
      >
        {hashingText(progress)}
      </span>
      <ProgressBar label="Hashing" value={fractionOf(progress)} />
      <IconButton
        icon={isPaused ? Play : Pause}
        label={isPaused ? 'Go on hashing' : 'Pause hashing'}
        onClick={() => control.mutate({ action: isPaused ? 'resume' : 'pause' })}
      />
      <IconButton icon={Square} label="Stop hashing" onClick={() => control.mutate({ action: 'cancel' })} />
    </div>
  );
}

function ScanActivity({ location }: { readonly location: Location }) {
  const progress = useScan(location);
  const cancel = useCancelRefresh();
  const text = progress ? `Reading ${location.name}: ${countOf(progress.files, 'file')}` : `Reading ${location.name}`;
  return (
    <div className="activity-item">
      <span className="activity-text" data-tip={progress?.folder}>
        {text}
      </span>
      <ProgressBar label={`Reading ${location.name}`} />
      <IconButton
        icon={Square}
        label={`Stop reading ${location.name}`}
        onClick={() => cancel.mutate({ location: location.id })}
      />
    </div>
  );
}

/** How far the queue is, and whether it stands still. */
function useTransfers(): TabProgress | null {
  const queue = useQueueHead();
  const share = useDoneShare(queue);
  if (!queue || share === null) return null;
  if (queue.paused) return { share, word: 'paused' };
  return { share, word: queue.totals.running > 0 ? 'done' : 'waits' };
}

const tenths = (share: number) => Math.floor(share * 10) * 10;

/** What the engine is doing now, on every page, in the tab title and for screen readers. */
export function Activity() {
  const scanning = (useLocations().data ?? []).filter((location) => location.index.refreshing);
  const hashing = useHashing();
  const transfers = useTransfers();
  const hashed = hashing !== undefined && hashing.state !== 'idle' ? fractionOf(hashing) : null;
  const reading = scanning.length > 0 ? { share: null, word: 'Reading …' } : null;
  useTabTitle(transfers ?? (hashed === null ? reading : { share: hashed, word: 'hashed' }));
  const spoken = [
    ...scanning.map(({ name }) => `Reading ${name}.`),
    ...(hashed === null ? [] : [`Hashing, ${tenths(hashed)} percent.`]),
    ...(transfers === null ? [] : [`Queue, ${tenths(transfers.share ?? 0)} percent ${transfers.word}.`]),
  ].join(' ');
  return (
    <div className="activity">
      {scanning.map((location) => (
        <ScanActivity key={location.id} location={location} />
      ))}
      {hashing !== undefined && hashed !== null && <HashingActivity progress={hashing} />}
      <SpokenProgress text={spoken} />
    </div>
  );
}
