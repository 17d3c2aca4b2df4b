import { isBelow } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { TidyOrder, TransferFiles } from '../../core/ports/transfer-files.ts';
import type { IndexKeeper } from './index-keeper.ts';
import { placeOf } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { findAsPlanned } from './same-roots.ts';

export interface EmptiedFoldersPorts {
  readonly files: TransferFiles;
  readonly registry: LocationRegistry;
  readonly keeper: IndexKeeper;
}

const foldersAtOnce = 256;

/**
 * Removes the folders that a task was to take away with all that is in them, deepest first, where nothing is left in
 * them. One that cannot be removed stays: nothing was promised about it.
 */
export async function removeEmptied(
  task: QueuedTask,
  { files, registry, keeper }: EmptiedFoldersPorts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const slot = findAsPlanned(task, task.deletesAt, registry);
  if (!slot || task.details.folders.length === 0) return;
  await keeper.flush();
  const empty = foldersInside(slot, task.details.folders);
  for (let from = 0; from < empty.length && !signal?.aborted; from += foldersAtOnce) {
    const some = empty.slice(from, from + foldersAtOnce);
    const gone: string[] = [];
    const orders = some.map(
      (relPath, n): TidyOrder => ({ op: 'tidy', n, at: placeOf(slot, relPath), what: { kind: 'empty-folder' } }),
    );
    const run = files.run(
      orders,
      (reports) => {
        for (const { n, type } of reports) if (type === 'done') gone.push(some[n] ?? '');
      },
      { signal },
    );
    const isThere = await run.then(
      () => true,
      () => false,
    );
    await keeper.foldersGone(slot, gone);
    if (!isThere) return;
  }
}

/** How many folders go with their files, where nothing else is left in them. */
export function countFoldersThatGo({ deletesAt, details }: QueuedTask, registry: LocationRegistry): number {
  const slot = registry.find(deletesAt);
  return slot && details.folders.length > 0 ? foldersInside(slot, details.folders).length : 0;
}

/** Folders in and below those that were named, as the index knows them, deepest first; never the root. */
function foldersInside({ index }: LocationSlot, folders: readonly string[]): readonly string[] {
  const named = new Set(folders);
  const inside = [...index.folderPaths()].filter((relPath) => {
    if (relPath === '') return false;
    if (named.size > 16) return isInOne(relPath, named);
    return folders.some((folder) => isBelow(folder, relPath));
  });
  return inside.sort((x, y) => y.length - x.length);
}

function isInOne(relPath: string, named: ReadonlySet<string>): boolean {
  for (let at = relPath.length; at > 0; at = relPath.lastIndexOf('/', at - 1)) {
    if (named.has(relPath.slice(0, at))) return true;
  }
  return named.has('');
}
