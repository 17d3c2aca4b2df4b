import { AppError } from '../errors/app-error.ts';
import { quoted } from './quoted.ts';
import { existingRelPathProblem, type PathPlatform, type RelPath } from './rel-path.ts';
import { linuxNameProblem, windowsNameProblem } from './segment-rules.ts';

/**
 * A full path in the platform's own form, as `normaliseRoot` makes it: no `.` or `..`, no doubled or trailing
 * separators except that of a volume's root (`/`, `C:\`, `\\server\share\`), never in the `\\?\` form.
 */
export type AbsolutePath = string & { readonly __brand: 'AbsolutePath' };

/** Below Windows' limits of 260 for files and 248 for folders, with some room for what callers append. */
const longestPlainWindowsPath = 240;

/**
 * @throws AppError INVALID_PATH for empty and relative paths (also `C:`, `C:x` and `\x`, which depend on the current
 * folder or drive), device paths, and on Windows for names that it would rewrite.
 */
export function normaliseRoot(text: string, platform: PathPlatform): AbsolutePath {
  const parsed = parseAbsolute(text, platform);
  if ('path' in parsed) return parsed.path;
  throw new AppError('INVALID_PATH', `${quoted(text)} is not a usable folder path: ${parsed.problem}.`, {
    hint:
      platform === 'win32'
        ? 'Give the full path, such as D:\\AI\\models or \\\\nas\\share\\models.'
        : 'Give the full path, such as /home/you/models.',
  });
}

/** Why `normaliseRoot` refuses a path, as part of a sentence; null when it accepts it. */
export function rootProblem(text: string, platform: PathPlatform): string | null {
  const parsed = parseAbsolute(text, platform);
  return 'problem' in parsed ? parsed.problem : null;
}

/**
 * Full path of a file below a root, as the operating system wants it: on Windows with `\`, and in the `\\?\` form once
 * it gets long. The path is checked again, so that neither a cast nor a path from another platform's index leads out.
 *
 * @throws AppError INVALID_PATH
 */
export function toAbsolute(root: AbsolutePath, relPath: RelPath, platform: PathPlatform): string {
  const problem = existingRelPathProblem(relPath, platform);
  if (problem !== null) {
    throw new AppError('INVALID_PATH', `${quoted(relPath)} cannot be used as a path inside a location: ${problem}.`);
  }
  if (platform === 'posix') {
    if (relPath === '') return root;
    return root === '/' ? `/${relPath}` : `${root}/${relPath}`;
  }
  const below = relPath.replaceAll('/', '\\');
  const plain = relPath === '' ? root : root.endsWith('\\') ? root + below : `${root}\\${below}`;
  return plain.length > longestPlainWindowsPath ? longWindowsForm(plain) : plain;
}

function longWindowsForm(plain: string): string {
  return plain.startsWith('\\\\') ? `\\\\?\\UNC\\${plain.slice(2)}` : `\\\\?\\${plain}`;
}

type Parsed = { readonly path: AbsolutePath } | { readonly problem: string };

function parseAbsolute(text: string, platform: PathPlatform): Parsed {
  if (text.trim() === '') return { problem: 'it is empty' };
  return platform === 'win32' ? parseWindows(text) : parseLinux(text);
}

function parseLinux(text: string): Parsed {
  if (text.startsWith('~')) return { problem: '“~” is not replaced by your home folder here' };
  if (!text.startsWith('/')) return { problem: 'it is not a full path, which would start with “/”' };
  return joinBelow('/', text.split('/'), '/', linuxNameProblem);
}

function parseWindows(text: string): Parsed {
  const path = withoutLongForm(text.replaceAll('/', '\\'));
  if (path.startsWith('\\\\?\\') || path.startsWith('\\\\.\\')) {
    return { problem: 'it names a device, not a folder on a drive or share' };
  }
  if (path.startsWith('\\\\')) return parseShare(path);
  if (path.startsWith('\\')) return { problem: 'it does not say which drive, as D:\\ would' };
  if (!/^[A-Za-z]:/.test(path))
    return { problem: 'it is not a full path, which would start with a drive such as D:\\' };
  if (path[2] !== '\\') return { problem: 'a drive letter without “\\” means that drive’s current folder' };
  return joinBelow(`${path.slice(0, 2).toUpperCase()}\\`, path.slice(3).split('\\'), '\\', windowsNameProblem);
}

function withoutLongForm(path: string): string {
  if (/^\\\\\?\\unc\\/i.test(path)) return `\\\\${path.slice(8)}`;
  return /^\\\\\?\\[A-Za-z]:\\/.test(path) ? path.slice(4) : path;
}

function parseShare(path: string): Parsed {
  const [server = '', share = '', ...names] = path.slice(2).split('\\');
  for (const name of [server, share]) {
    if (name === '') return { problem: 'a network path needs a server and a share, as in \\\\nas\\models' };
    const problem = windowsNameProblem(name);
    if (problem !== null) return { problem: `${quoted(name)} ${problem}` };
  }
  return joinBelow(`\\\\${server}\\${share}\\`, names, '\\', windowsNameProblem);
}

function joinBelow(
  volume: string,
  names: readonly string[],
  separator: '/' | '\\',
  nameProblem: (name: string) => string | null,
): Parsed {
  const kept: string[] = [];
  for (const name of names) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      kept.pop();
      continue;
    }
    const problem = nameProblem(name);
    if (problem !== null) return { problem: `${quoted(name)} ${problem}` };
    kept.push(name);
  }
  return { path: (volume + kept.join(separator)) as AbsolutePath };
}
