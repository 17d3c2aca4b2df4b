import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../core/errors/app-error.ts';
import { osErrorName } from '../filesystem/os-error.ts';
import { findMountIn, type Mount, type MountTable } from './mounts.ts';

/** As the Linux kernel. */
const mostLinks = 40;

export interface RealPlace {
  /** The path with the links in it resolved, as far as they were followed. */
  readonly path: string;
  readonly mount: Mount | null;
}

/**
 * Where a path really lies. Goes link by link and asks the mount table before each step, so that nothing on a network
 * mount is ever touched (a dead share would hang this process); the first step onto one ends the walk there. What does
 * not exist yet lies where its nearest existing folder does. Linux only.
 *
 * @throws AppError LINK_LOOP
 */
export function followLinks(absolutePath: string, mounts: MountTable): RealPlace {
  let todo = path.posix.normalize(absolutePath).split('/').filter(Boolean);
  let here = '/';
  for (let links = 0; ; ) {
    const mount = findMountIn(mounts, here);
    if (mount?.isNetwork) return { path: path.posix.join(here, ...todo), mount };
    const name = todo.shift();
    if (name === undefined) return { path: here, mount };
    if (name === '..') {
      here = path.posix.dirname(here);
      continue;
    }
    const next = path.posix.join(here, name);
    if (findMountIn(mounts, next)?.isNetwork) {
      here = next;
      continue;
    }
    const target = readLink(next);
    if (target === null) {
      here = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw new AppError('LINK_LOOP', `“${absolutePath}” leads through links that never end.`);
    if (target.startsWith('/')) here = '/';
    todo = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...todo];
  }
}

/** null: not a link, or not there. */
function readLink(name: string): string | null {
  try {
    return fs.lstatSync(name).isSymbolicLink() ? fs.readlinkSync(name) : null;
  } catch (thrown) {
    // Whoever opens the folder next meets the same error and reports it with its cause.
    if (osErrorName(thrown) !== null) return null;
    throw thrown;
  }
}
