import { isAbsolute, relative, sep } from 'node:path';

/** The location a path of this machine lies in, and its relPath there. */
export function placeOf(
  absolute: string,
  locations: readonly { readonly id: string; readonly path: string }[],
): { readonly location: string; readonly relPath: string } | undefined {
  for (const { id, path } of locations) {
    const below = relative(path, absolute);
    const isInside = below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
    if (isInside) return { location: id, relPath: below.split(sep).join('/') };
  }
  return undefined;
}
