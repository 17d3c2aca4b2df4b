import { useId } from 'react';
import type { DriveKind, Location } from '../../../contract/locations.ts';
import { countOf, formatBytes, formatExactBytes } from '../../ui/format.ts';
import { OnlineDot } from '../../ui/online-dot.tsx';

const stateWords: Readonly<Record<Location['state']['kind'], string>> = {
  checking: 'checking',
  online: 'online',
  offline: 'offline',
  attention: 'needs a decision',
};

const driveWords: Readonly<Record<DriveKind, string>> = {
  ssd: 'SSD',
  hdd: 'hard disk',
  network: 'network share',
  removable: 'removable drive',
  unknown: 'drive',
};

interface LocationCheckProps {
  readonly location: Location;
  readonly isChosen: boolean;
  readonly isDisabled: boolean;
  readonly onChange: (isChosen: boolean) => void;
}

/** A location to look in, with its state, drive and size. */
export function LocationCheck({ location, isChosen, isDisabled, onChange }: LocationCheckProps) {
  const id = useId();
  const { name, path, state, driveKind, index, volume } = location;
  return (
    <div className="scan-place" data-off={isDisabled || undefined}>
      <input
        type="checkbox"
        id={id}
        aria-describedby={`${id}-facts`}
        checked={isChosen}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id} className="scan-place-name">
        {name}
      </label>
      <OnlineDot kind={state.kind} word={stateWords[state.kind]} />
      <p className="scan-place-path" data-tip={path} data-tip-if-cut="">
        <bdi>{path}</bdi>
      </p>
      <ul className="facts" id={`${id}-facts`}>
        {isDisabled && <li>Cannot be read until it is back</li>}
        <li>{driveWords[driveKind]}</li>
        <li>{index.scannedAtMs === null ? 'not indexed yet' : countOf(index.files, 'file')}</li>
        {index.scannedAtMs !== null && <li data-tip={formatExactBytes(index.bytes)}>{formatBytes(index.bytes)}</li>}
        {index.hashedFiles > 0 && <li>{countOf(index.hashedFiles, 'hash', 'hashes')} known</li>}
        {volume?.freeBytes != null && <li>{formatBytes(volume.freeBytes)} free</li>}
      </ul>
    </div>
  );
}
