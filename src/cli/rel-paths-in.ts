import { isAbsolute, resolve } from 'node:path';
import { AppError } from '../core/errors/app-error.ts';
import { quoted } from '../core/paths/quoted.ts';
import type { Session } from './command.ts';
import { placeOf } from './location-of-path.ts';

/**
 * Paths as they were given for locations. A full path of this machine, as a shell completes it, stands for the relPath of
 * what lies there; everything else is left to the engine.
 *
 * @throws AppError INVALID_PATH where it lies in another location.
 */
export async function relPathsIn(
  allowed: readonly string[],
  typed: readonly string[],
  session: Session,
): Promise<readonly string[]> {
  if (!typed.some((path) => isAbsolute(path))) return typed;
  const { api } = await session.engine();
  const { locations } = await api.listLocations({});
  return typed.map((path) => {
    const place = isAbsolute(path) ? placeOf(resolve(path), locations) : undefined;
    if (place === undefined) return path;
    if (allowed.includes(place.location)) return place.relPath;
    throw new AppError('INVALID_PATH', `${quoted(path)} lies in ${place.location}, not in ${allowed.join(' or ')}.`, {
      hint: `Name ${place.location} instead, or a path in ${allowed.join(' or ')}.`,
    });
  });
}

/** The same for files and folders in a location, which its root is not. */
export async function namesIn(location: string, typed: readonly string[], session: Session): Promise<string[]> {
  const relPaths = await relPathsIn([location], typed, session);
  const root = relPaths.indexOf('');
  if (root < 0) return [...relPaths];
  throw new AppError('INVALID_PATH', `${quoted(typed[root] ?? '')} is ${location} as a whole.`, {
    hint: 'Name files or folders in it. `weightroom mirror plan` is for whole locations.',
  });
}

export async function folderIn(allowed: readonly string[], typed: string, session: Session): Promise<string> {
  const [folder = ''] = await relPathsIn(allowed, [typed], session);
  return folder;
}
