import { type RelPath, rootRelPath } from './rel-path.ts';

/** The folder a path lies in; the root for a name directly in it, and for the root itself. */
export function parentOf(relPath: RelPath): RelPath {
  const slash = relPath.lastIndexOf('/');
  return slash < 0 ? rootRelPath : (relPath.slice(0, slash) as RelPath);
}

/** The last segment; empty for the root. */
export function nameOf(relPath: string): string {
  return relPath.slice(relPath.lastIndexOf('/') + 1);
}

/** First folder of a path, empty for what lies directly in the root. */
export function categoryOf(relPath: string): string {
  const slash = relPath.indexOf('/');
  return slash < 0 ? '' : relPath.slice(0, slash);
}

/** What model browsers put beside a model: two dots, one meaning. */
const doubleExtension = /.(\.civitai\.info|\.preview\.(?:png|jpe?g|webp|mp4))$/;

/** Lower case with its dot, empty when there is none (`.hidden` is a name); `.civitai.info`, `.preview.png` … are one. */
export function extensionOf(nameOrRelPath: string): string {
  const start = nameOrRelPath.lastIndexOf('/') + 1;
  const dot = nameOrRelPath.lastIndexOf('.');
  if (dot <= start || dot === nameOrRelPath.length - 1) return '';
  const extension = nameOrRelPath.slice(dot).toLowerCase();
  if (!mayBeDouble.has(extension)) return extension;
  return doubleExtension.exec(nameOrRelPath.slice(start).toLowerCase())?.[1] ?? extension;
}

/** Extensions that count together with the one before them. */
export const mayBeDouble: ReadonlySet<string> = new Set(['.info', '.png', '.jpg', '.jpeg', '.webp', '.mp4']);
