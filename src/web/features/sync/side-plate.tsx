import { Link } from '@tanstack/react-router';
import { ChevronDown, RefreshCw } from 'lucide-react';
import { memo } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useRefreshIndex } from '../../api/actions.ts';
import { useScan } from '../../api/queries.ts';
import { IconButton } from '../../ui/button.tsx';
import { countOf, formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { OnlineDot } from '../../ui/online-dot.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import type { Side } from './states.ts';

const stateWords = {
  checking: 'checking',
  online: 'online',
  offline: 'offline',
  attention: 'needs a decision',
} as const;

interface SidePlateProps {
  readonly location: Location;
  readonly locations: readonly Location[];
  readonly label: string;
  readonly side: Side;
  readonly onChoose: (side: Side, id: string) => void;
}

function Chooser({ side, location, locations, label, onChoose }: SidePlateProps) {
  return (
    <span className="side-chooser">
      <span className="side-name" aria-hidden>
        {location.name}
      </span>
      <ChevronDown size={12} aria-hidden className="flex-none text-muted" />
      <select aria-label={label} value={location.id} onChange={(event) => onChoose(side, event.target.value)}>
        {locations.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

function ReadState({ location }: { readonly location: Location }) {
  const scan = useScan(location);
  if (location.index.refreshing) return <span>{scan ? `reading, ${formatCount(scan.files)} files` : 'reading …'}</span>;
  if (location.index.scannedAtMs === null) return <span>not indexed yet</span>;
  return (
    <span data-tip={`${countOf(location.index.files, 'file')}, ${formatBytes(location.index.bytes)}`}>
      read <TimeAgo timeMs={location.index.scannedAtMs} />
    </span>
  );
}

/** Which place one side is, where it lies, and how it is. */
export const SidePlate = memo(function SidePlate(props: SidePlateProps) {
  const { location } = props;
  const refresh = useRefreshIndex();
  const free = location.volume?.freeBytes;
  const isOffline = location.state.kind === 'offline';
  return (
    <section className="side" aria-label={location.name}>
      <div className="side-line">
        <Chooser {...props} />
        <OnlineDot kind={location.state.kind} word={stateWords[location.state.kind]} />
        <span className="side-facts">
          {free != null && !isOffline && <span data-tip={formatExactBytes(free)}>{formatBytes(free)} free</span>}
          <ReadState location={location} />
          {location.index.problems > 0 && (
            <Link to="/problems" search={{ location: location.id }} className="link">
              {countOf(location.index.problems, 'problem')}
            </Link>
          )}
        </span>
        <IconButton
          icon={RefreshCw}
          label={isOffline ? `${location.name} is offline` : `Refresh ${location.name}`}
          isBusy={location.index.refreshing}
          disabled={isOffline || location.index.refreshing}
          onClick={() => refresh.mutate({ location: location.id })}
        />
      </div>
      <p className="side-path" data-tip={location.path} data-tip-if-cut="">
        <bdi>{location.path}</bdi>
      </p>
    </section>
  );
});
