import { ChevronRight, CornerDownRight, Folder, FolderLock } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ListedFolder } from '../../../contract/folders.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { indexByLetter, nextIndex } from './folder-keys.ts';
import { lookWords } from './use-folder-listing.ts';

interface FolderListProps {
  /** The folder whose folders are listed. */
  readonly path: string;
  /** Where one came from: found again on the way up. */
  readonly from: string | null;
  readonly folders: readonly ListedFolder[];
  readonly onOpen: (path: string) => void;
  readonly onUp: () => void;
  readonly onUse: () => void;
}

function Row({ folder, id, isCurrent }: { folder: ListedFolder; id: string; isCurrent: boolean }) {
  const Icon = folder.readable === false ? FolderLock : folder.isLink ? CornerDownRight : Folder;
  return (
    <div id={id} role="option" aria-selected={isCurrent} className="folder-row" data-path={folder.path} tabIndex={-1}>
      <Icon size={15} aria-hidden />
      <bdi className="picker-name">{visibleName(folder.name)}</bdi>
      {folder.looks && <span className="folder-look">{lookWords[folder.looks]}</span>}
      {folder.readable === false && <span className="text-faint">may not be read</span>}
      <ChevronRight size={14} aria-hidden className="folder-into" />
    </div>
  );
}

/** One stop of the Tab key: arrows move, Enter opens, Backspace goes up, a letter jumps. */
export function FolderList({ path, from, folders, onOpen, onUp, onUse }: FolderListProps) {
  const [place, setPlace] = useState({ path, index: 0 });
  const first = Math.max(
    0,
    folders.findIndex((folder) => folder.path === from),
  );
  const index = place.path === path ? place.index : first;
  const setIndex = (next: number) => setPlace({ path, index: next });
  const list = useRef<HTMLDivElement>(null);
  const base = useId();
  const current = Math.min(index, folders.length - 1);
  const idOf = (at: number) => `${base}-${at}`;

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const moved = nextIndex(event.key, current, folders.length);
    const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    const chosen = folders[current];
    if (moved !== null) setIndex(moved);
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onUse();
    else if ((event.key === 'Enter' || event.key === 'ArrowRight') && chosen) onOpen(chosen.path);
    else if (event.key === 'Backspace' || event.key === 'ArrowLeft') onUp();
    else if (isLetter) setIndex(indexByLetter(folders, current, event.key));
    else return;
    event.preventDefault();
  };

  const rowAt = (target: EventTarget): number => {
    const path = target instanceof Element ? target.closest<HTMLElement>('[data-path]')?.dataset.path : undefined;
    return folders.findIndex((folder) => folder.path === path);
  };

  return (
    <div
      ref={list}
      role="listbox"
      aria-label={`Folders in ${path}`}
      aria-activedescendant={folders.length > 0 ? idOf(current) : undefined}
      tabIndex={0}
      data-start
      className="folder-list"
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const at = rowAt(event.target);
        if (at < 0) return;
        if (at === current && event.detail > 1) onOpen(folders[at]?.path ?? '');
        setIndex(at);
      }}
    >
      {folders.map((folder, at) => (
        <Row key={folder.path} folder={folder} id={idOf(at)} isCurrent={at === current} />
      ))}
    </div>
  );
}
