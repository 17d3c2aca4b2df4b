import { AppError, cancelled } from '../../core/errors/app-error.ts';
import type { Session } from '../command.ts';
import { followEngine } from '../output/progress.ts';
import { failureOf } from './refresh-outcome.ts';

/** What a command is about to act on, in one location. */
export interface Concerned {
  readonly location: string;
  readonly relPaths: readonly string[];
}

/** Reading more folders one by one costs more than reading all of them at once. */
const mostFolders = 16;

/** Reads again what a command rests on, so that it acts on what is on the drives now. Stops when a location does not allow that. */
export async function refreshConcerned(session: Session, concerned: readonly Concerned[]): Promise<void> {
  const engine = await session.engine();
  const { locations } = await engine.api.listLocations({});
  const refresh = async ({ location, relPaths }: Concerned): Promise<void> => {
    // A location of which one folder alone is known would look as if it held nothing else.
    const isUnread = locations.some(({ id, index }) => id === location && index.scannedAtMs === null);
    for (const folder of isUnread ? [''] : foldersToRead(relPaths)) {
      session.signal.throwIfAborted();
      try {
        const answer = await engine.api.refreshIndex({ location, folder, wait: true }, { signal: session.signal });
        for (const result of answer.locations) stopAt(failureOf(result));
      } catch (thrown) {
        // A folder that is never read stops only a command that is about nothing else; among others the plan tells of it.
        if (relPaths.length === 1 || !(thrown instanceof AppError) || thrown.code !== 'FILE_NOT_FOUND') throw thrown;
      }
    }
  };
  await followEngine(engine, session.progress, () => Promise.all(concerned.map(refresh)));
  if (session.signal.aborted) throw cancelled('The refresh');
}

function stopAt(failure: AppError | undefined): void {
  if (failure === undefined) return;
  const hint =
    failure.code === 'LOCATION_OFFLINE' ? 'Mount or plug it in, or correct its path, then try again.' : failure.hint;
  throw new AppError(failure.code, failure.message, { hint });
}

/**
 * Folders that cover files and folders by name. One name alone is read as a folder, and the index falls back to the
 * folder around it when it is a file; several names in one folder mean that folder.
 */
export function foldersToRead(relPaths: readonly string[]): readonly string[] {
  const parents = Map.groupBy(relPaths, folderAbove);
  const wanted = [...parents].map(([parent, [first = '', ...others]]) => (others.length === 0 ? first : parent));
  const folders = wanted.filter((folder) => !wanted.some((other) => other !== folder && covers(other, folder)));
  return folders.length > mostFolders ? [''] : [...new Set(folders)];
}

function covers(folder: string, other: string): boolean {
  return folder === '' || other.startsWith(`${folder}/`);
}

function folderAbove(relPath: string): string {
  return relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));
}
