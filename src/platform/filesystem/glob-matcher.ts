import { matchesGlob } from 'node:path/posix';

/** Tests relPaths against globs (`**` crosses folders); a glob without `/` matches the name in any folder. */
export function createGlobMatcher(globs: readonly string[]): (relPath: string) => boolean {
  if (globs.length === 0) return () => false;
  const patterns = globs.map((glob) => (glob.includes('/') ? glob : `**/${glob}`));
  return (relPath) => patterns.some((pattern) => matchesGlob(relPath, pattern));
}
