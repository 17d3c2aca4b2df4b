import { Link } from '@tanstack/react-router';
import { Lock, Pencil, PlugZap, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useCheckLocation, useRefreshIndex } from '../../api/actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { countOf, formatBytes, formatExactBytes } from '../../ui/format.ts';
import { OnlineDot } from '../../ui/online-dot.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { LocationNotice } from './location-notice.tsx';
import { driveWords, isManagedElsewhere, layoutWords, originWords, stateWords } from './location-words.ts';
import { RemoveDialog } from './remove-dialog.tsx';

type Question = 'none' | 'edit' | 'remove';

function Facts({ location }: { readonly location: Location }) {
  const { index, volume } = location;
  return (
    <ul className="facts">
      <li>{index.scannedAtMs === null ? 'not indexed yet' : countOf(index.files, 'file')}</li>
      {index.scannedAtMs !== null && <li data-tip={formatExactBytes(index.bytes)}>{formatBytes(index.bytes)}</li>}
      {index.scannedAtMs !== null && <li>{countOf(index.hashedFiles, 'hash', 'hashes')} known</li>}
      {index.scannedAtMs !== null && (
        <li>
          read <TimeAgo timeMs={index.scannedAtMs} />
        </li>
      )}
      {volume?.freeBytes != null && (
        <li data-tip={formatExactBytes(volume.freeBytes)}>{formatBytes(volume.freeBytes)} free</li>
      )}
      <li>{driveWords[location.driveKind]}</li>
      {volume && volume.fileSystem !== 'unknown' && <li>{volume.fileSystem}</li>}
      <li>{layoutWords[location.layout]}</li>
      <li>{location.allowDelete ? 'deleting allowed' : 'deleting off'}</li>
      {index.problems > 0 && (
        <li>
          <Link to="/problems" search={{ location: location.id }} className="link">
            {countOf(index.problems, 'problem')}
          </Link>
        </li>
      )}
    </ul>
  );
}

function Actions({ location, onAsk }: { readonly location: Location; readonly onAsk: (question: Question) => void }) {
  const check = useCheckLocation();
  const refresh = useRefreshIndex();
  const isLocked = isManagedElsewhere(location);
  const isKept = isLocked && location.origin !== 'demo';
  const lockedReason = `Comes from ${originWords[location.origin]} and is changed there`;
  return (
    <div className="flex flex-wrap gap-1">
      <Button
        icon={RefreshCw}
        isBusy={location.index.refreshing}
        disabled={location.index.refreshing || location.state.kind === 'offline'}
        onClick={() => refresh.mutate({ location: location.id })}
      >
        Refresh
      </Button>
      <IconButton
        icon={PlugZap}
        label={`Check whether ${location.name} is online`}
        isBusy={check.isPending}
        onClick={() => check.mutate({ id: location.id })}
      />
      <IconButton
        icon={isLocked ? Lock : Pencil}
        label={isLocked ? `Settings of ${location.name}, fixed` : `Edit ${location.name}`}
        onClick={() => onAsk('edit')}
      />
      <IconButton
        icon={Trash2}
        label={isKept ? lockedReason : `Remove ${location.name}`}
        disabled={isKept}
        onClick={() => onAsk('remove')}
      />
    </div>
  );
}

export function LocationCard({ location }: { readonly location: Location }) {
  const [question, setQuestion] = useState<Question>('none');
  const close = () => setQuestion('none');
  return (
    <li className="panel overflow-hidden">
      <LocationNotice location={location} />
      <div className="flex flex-wrap items-start justify-between gap-3 p-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="flex flex-wrap items-center gap-x-2 text-sm">
            {location.name}
            <span className="font-normal text-faint" data-tip="Name in addresses and on the command line">
              {location.id}
            </span>
            <OnlineDot kind={location.state.kind} word={stateWords[location.state.kind]} />
          </h2>
          <p className="mono text-muted">{location.path}</p>
          <Facts location={location} />
        </div>
        <Actions location={location} onAsk={setQuestion} />
      </div>
      {question === 'edit' && <EditDialog location={location} isOpen onClose={close} />}
      <RemoveDialog location={location} isOpen={question === 'remove'} onClose={close} />
    </li>
  );
}
