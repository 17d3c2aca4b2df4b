import { Pause, Play, Square } from 'lucide-react';
import type { HashProgress } from '../../contract/hashing.ts';
import type { Location } from '../../contract/locations.ts';
import { useCancelRefresh, useControlHashing } from '../api/actions.ts';
import { useHashing, useLocations, useScan } from '../api/queries.ts';
import { IconButton } from '../ui/button.tsx';
import { countOf, formatBytes } from '../ui/format.ts';
import { formatDuration } from '../ui/format-time.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { SpokenProgress } from './spoken-progress.tsx';
import { useTabTitle } from './use-tab-title.ts';

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

/** What the engine is doing now, on every page, in the tab title and for screen readers. */
export function Activity() {
  const scanning = (useLocations().data ?? []).filter((location) => location.index.refreshing);
  const hashing = useHashing();
  const isHashing = hashing !== undefined && hashing.state !== 'idle';
  useTabTitle(isHashing ? fractionOf(hashing) : null, scanning.length > 0);
  const spoken = [
    ...scanning.map(({ name }) => `Reading ${name}.`),
    ...(isHashing ? [`Hashing, ${Math.floor(fractionOf(hashing) * 10) * 10} percent.`] : []),
  ].join(' ');
  return (
    <div className="activity">
      {scanning.map((location) => (
        <ScanActivity key={location.id} location={location} />
      ))}
      {isHashing && <HashingActivity progress={hashing} />}
      <SpokenProgress text={spoken} />
    </div>
  );
}
