import { CircleAlert, FolderCheck, HardDrive, House, Monitor, Network } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Place } from '../../../contract/folders.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { countOf } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { FolderList } from './folder-list.tsx';
import './folder-picker.css';
import { lookWords, useFolderListing, usePlaces } from './use-folder-listing.ts';
import { withoutQuotes } from './without-quotes.ts';

interface FolderPickerProps {
  /** Where to begin; the home folder when empty or not there. */
  readonly start: string;
  readonly onClose: () => void;
  readonly onChoose: (path: string) => void;
}

interface PlaceButtonProps {
  readonly place: Place;
  /** Another place has the same name: its path tells them apart. */
  readonly isDoubled: boolean;
  readonly isCurrent: boolean;
  readonly onGo: () => void;
}

function PlaceButton({ place, isDoubled, isCurrent, onGo }: PlaceButtonProps) {
  const Icon =
    place.kind === 'home'
      ? House
      : place.kind === 'folder'
        ? Monitor
        : place.driveKind === 'network'
          ? Network
          : HardDrive;
  return (
    <li>
      <button
        type="button"
        className="place"
        aria-current={isCurrent}
        data-tip={place.detail === '' ? place.path : `${place.path}\n${place.detail}`}
        onClick={onGo}
      >
        <Icon size={15} aria-hidden />
        <bdi className="picker-name">{visibleName(isDoubled ? place.path : place.name)}</bdi>
      </button>
    </li>
  );
}

function Crumbs({ crumbs, onGo }: { crumbs: readonly { name: string; path: string }[]; onGo: (path: string) => void }) {
  return (
    <nav aria-label="Way to this folder" className="crumbs">
      {crumbs.map(({ name, path }, at) => (
        <button
          key={path}
          type="button"
          className="crumb"
          aria-current={at === crumbs.length - 1 ? 'page' : undefined}
          onClick={() => onGo(path)}
        >
          <bdi>{visibleName(name)}</bdi>
        </button>
      ))}
    </nav>
  );
}

function PathBox({ path, onGo }: { readonly path: string; readonly onGo: (path: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (typed !== null && typed.trim() !== '') onGo(withoutQuotes(typed));
    setTyped(null);
  };
  return (
    <form onSubmit={submit} className="flex gap-2">
      <input
        className="input mono"
        aria-label="Path"
        value={typed ?? path}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" disabled={typed === null}>
        Go
      </Button>
    </form>
  );
}

/** Chooses a folder of the machine that Weightroom runs on. */
export function FolderPicker({ start, onClose, onChoose }: FolderPickerProps) {
  const places = usePlaces();
  const [wanted, setWanted] = useState(start === '' ? null : start);
  const [from, setFrom] = useState<string | null>(null);
  const [hidden, setHidden] = useState(false);
  const at = wanted ?? places[0]?.path ?? null;
  const { first, folders, error, hasNextPage, fetchNextPage, isFetchingNextPage, isFetching } = useFolderListing(
    at,
    hidden,
  );
  const failure = error ? toApiError(error) : null;
  const path = first?.path ?? at ?? '';
  const modelsPath = first?.modelsPath ?? null;
  const chosen = modelsPath ?? path;
  const go = (next: string) => {
    if (first) setFrom(first.path);
    setWanted(next);
  };
  const up = () => {
    const next = failure ? from : first?.parent;
    if (next) go(next);
  };
  const isElsewhere = modelsPath !== null && modelsPath !== path;
  const choose = (folder: string) => {
    if (failure || !first) return;
    onChoose(folder);
    onClose();
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Choose a folder"
      className="dialog-wide folder-picker"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isElsewhere && (
            <Button disabled={failure !== null} onClick={() => choose(path)}>
              Use this folder itself
            </Button>
          )}
          <Button
            tone="primary"
            icon={FolderCheck}
            disabled={failure !== null || !first}
            onClick={() => choose(chosen)}
          >
            {isElsewhere ? 'Use its models folder' : 'Use this folder'}
          </Button>
        </>
      }
    >
      <div className="folder-picker-body">
        <ul className="places" aria-label="Places">
          {places.map((place) => (
            <PlaceButton
              key={place.path}
              place={place}
              isDoubled={places.some(({ name, path: other }) => name === place.name && other !== place.path)}
              isCurrent={place.path === path}
              onGo={() => go(place.path)}
            />
          ))}
        </ul>
        <div className="folder-pane">
          <PathBox key={path} path={path} onGo={go} />
          <Crumbs crumbs={first?.crumbs ?? []} onGo={go} />
          <div className="folder-frame" aria-busy={isFetching}>
            {failure && (
              <p role="alert" className="folder-note">
                <CircleAlert size={15} aria-hidden className="text-danger" />
                <span>
                  {failure.message} {failure.hint}
                </span>
              </p>
            )}
            <FolderList
              path={path}
              from={from}
              folders={failure ? [] : folders}
              onOpen={go}
              onUp={up}
              onUse={() => choose(chosen)}
            />
            {!failure && first && folders.length === 0 && <p className="folder-note text-muted">No folders in here.</p>}
            {hasNextPage && (
              <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show more of {countOf(first?.total ?? 0, 'folder')}
              </Button>
            )}
          </div>
          <p className="folder-chosen" aria-live="polite">
            {first?.looks ? `${lookWords[first.looks]}: ` : 'Chosen: '}
            <bdi className="mono">{visibleName(chosen)}</bdi>
          </p>
          <CheckField label="Show hidden folders" checked={hidden} onChange={setHidden} />
        </div>
      </div>
    </Dialog>
  );
}
