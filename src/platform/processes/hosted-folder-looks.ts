import path from 'node:path';
import { AppError } from '../../core/errors/app-error.ts';
import type { FolderListing, FolderLooks, ListedFolder } from '../../core/ports/folder-looks.ts';
import { findMountIn, readMounts } from '../app-data/mounts.ts';
import { LookProcess } from './look-process.ts';
import type { FromLooker, ToLooker } from './look-protocol.ts';

export interface HostedFolderLooksOptions {
  /** Program of the process. */
  readonly entry: string;
  readonly deadlineMs?: number;
  readonly startDeadlineMs?: number;
  readonly idleMs?: number;
}

/** `FolderLooks` with a process for each drive that is looked at, so that a dead one holds up nobody else's look. */
export function createHostedFolderLooks(options: HostedFolderLooksOptions): FolderLooks {
  const { entry, deadlineMs = 2_000, startDeadlineMs = 10_000, idleMs = 20_000 } = options;
  const processes = new Map<string, LookProcess>();
  let isClosed = false;

  function processOf(place: string): LookProcess {
    if (isClosed) throw closed();
    const drive = findMountIn(readMounts(), place)?.mountPoint ?? path.parse(place).root;
    const known = processes.get(drive);
    if (known) return known;
    const made = new LookProcess(drive, { entry, deadlineMs, startDeadlineMs, idleMs });
    processes.set(drive, made);
    return made;
  }

  /** One message, one answer. */
  function ask<K extends FromLooker['type']>(place: string, message: ToLooker, type: K) {
    return new Promise<Extract<FromLooker, { type: K }>>((resolve, reject) => {
      const isAnswer = (said: FromLooker): said is Extract<FromLooker, { type: K }> => said.type === type;
      processOf(place).ask({
        message,
        reject,
        onMessage: (said) => {
          if (isAnswer(said)) resolve(said);
          return isAnswer(said);
        },
      });
    });
  }

  return {
    async folderOf(request) {
      return (await ask(request.path, { op: 'folder-of', request }, 'folder-of')).shown;
    },
    async survey(place) {
      return (await ask(place, { op: 'survey', path: place }, 'surveyed')).survey;
    },
    list(request) {
      const untouched = readMounts().flatMap(({ isNetwork, isFuse, mountPoint }) =>
        isNetwork || isFuse ? [mountPoint] : [],
      );
      return new Promise<FolderListing>((resolve, reject) => {
        const gathered = gatherListing();
        const finish = (): void => {
          const listing = gathered.listing();
          if (listing) resolve(listing);
        };
        const place = processOf(request.path);
        place.ask({
          message: { op: 'list', request, untouched },
          reject,
          onMessage: (said) => {
            gathered.add(said);
            if (said.type === 'listed') finish();
            return said.type === 'listed';
          },
          onSilence: () => {
            finish();
            reject(silent(request.path));
          },
        });
      });
    },
    close() {
      isClosed = true;
      for (const one of processes.values()) one.close(closed());
      processes.clear();
    },
  };
}

function gatherListing() {
  let first: FolderListing | null = null;
  const folders: (ListedFolder | null)[] = [];
  return {
    add(said: FromLooker): void {
      if (said.type === 'names') {
        first = said.listing;
        folders.push(...said.listing.folders);
      } else if (said.type === 'looked') folders[said.index] = said.folder;
    },
    listing(): FolderListing | null {
      return first && { ...first, folders: folders.filter((folder) => folder !== null) };
    },
  };
}

function silent(place: string): AppError {
  return new AppError('LOCATION_OFFLINE', `“${place}” does not answer.`, {
    hint: 'Check that the drive or share is connected and awake.',
  });
}

function closed(): AppError {
  return new AppError('CANCELLED', 'The program is ending.');
}
