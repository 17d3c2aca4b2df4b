import { normaliseRoot, rootProblem } from './absolute-path.ts';
import { foldName } from './name-folding.ts';
import type { PathPlatform } from './rel-path.ts';

/**
 * relPath of `path` below `root`, with `/`; '' for the root itself, null when it lies elsewhere. Both must be absolute
 * with links resolved; compares exactly, so `/media/usb` never matches `/media/usb_backup`.
 */
export function relativeTo(root: string, path: string, separator: '/' | '\\'): string | null {
  if (path === root) return '';
  const prefix = root.endsWith(separator) ? root : root + separator;
  if (!path.startsWith(prefix)) return null;
  const below = path.slice(prefix.length);
  return separator === '/' ? below : below.replaceAll(separator, '/');
}

/** How two folders lie to each other, by their names alone; links are not followed. */
export type Overlap = 'same' | 'a-inside-b' | 'b-inside-a' | 'apart';

/**
 * Compares with the case rules of the platform. Both paths are normalised first.
 *
 * @throws AppError INVALID_PATH where one is not a full path.
 */
export function overlap(a: string, b: string, platform: PathPlatform): Overlap {
  const keyA = comparable(a, platform);
  const keyB = comparable(b, platform);
  if (keyA === keyB) return 'same';
  if (keyA.startsWith(keyB)) return 'a-inside-b';
  return keyB.startsWith(keyA) ? 'b-inside-a' : 'apart';
}

/** true when `candidate` lies below `root`. false for the root itself, and for anything that is not a full path. */
export function isInside(root: string, candidate: string, platform: PathPlatform): boolean {
  if (rootProblem(root, platform) !== null || rootProblem(candidate, platform) !== null) return false;
  return overlap(root, candidate, platform) === 'b-inside-a';
}

/** Ends with a separator, so that a prefix is always a whole folder. */
function comparable(text: string, platform: PathPlatform): string {
  const path = normaliseRoot(text, platform);
  if (platform === 'posix') return path === '/' ? path : `${path}/`;
  const folded = foldName(path, { caseSensitive: false, unicodeSensitive: true });
  return folded.endsWith('\\') ? folded : `${folded}\\`;
}
