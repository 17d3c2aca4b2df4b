import { AppError } from '../errors/app-error.ts';
import { quoted } from './quoted.ts';
import { linuxNameProblem, newNameProblem, windowsNameProblem } from './segment-rules.ts';

/**
 * A validated path below a location's root: `/` between segments, no empty, `.` or `..` segment, never absolute. The
 * empty one is the root itself.
 */
export type RelPath = string & { readonly __brand: 'RelPath' };

export type PathPlatform = 'posix' | 'win32';

export const rootRelPath = '' as RelPath;

/** UTF-16 units; Windows takes 32,767 with the root in front. */
const longestPath = 32_000;

export interface ParseRelPathOptions {
  /** true: the empty path, which is the location's root, is fine as well. */
  readonly allowRoot?: boolean;
}

/**
 * The strict form, for every name that is going to be made: input of the API and the command line, names from remote
 * servers, archives and workflows. What it accepts is legal on Windows and on Linux, and means the same file on both.
 *
 * For files that are already there use `existingRelPath`: Linux disks hold names that this one refuses.
 *
 * @throws AppError INVALID_PATH
 */
export function parseRelPath(text: string, options: ParseRelPathOptions = {}): RelPath {
  if (text === '' && options.allowRoot === true) return rootRelPath;
  return accept(text, relPathProblem(text));
}

/** Why the strict form refuses a path, as part of a sentence; null when it accepts it. */
export function relPathProblem(text: string): string | null {
  return problemWith(text, newNameProblem);
}

/**
 * The lenient form, for files the index found on a disk of this machine. It refuses only what could lead elsewhere
 * than to a name below the root: on Linux a file may be called `a:b`, `a\b`, `con` or `x.`; on Windows those names
 * never come from a folder listing and would be read as something else. The root (empty) is accepted.
 *
 * @throws AppError INVALID_PATH
 */
export function existingRelPath(text: string, platform: PathPlatform): RelPath {
  return accept(text, existingRelPathProblem(text, platform));
}

export function existingRelPathProblem(text: string, platform: PathPlatform): string | null {
  if (text === '') return null;
  return problemWith(text, platform === 'win32' ? windowsNameProblem : linuxNameProblem);
}

/**
 * A path as people type it or have it completed, in the form the others take: on Windows `\` is a separator like `/`, and
 * one at the end says no more than that it is a folder. What it means is checked afterwards.
 */
export function typedRelPath(text: string, platform: PathPlatform): string {
  const path = platform === 'win32' ? text.replaceAll('\\', '/') : text;
  return path.length > 1 && path.endsWith('/') && !path.endsWith('//') ? path.slice(0, -1) : path;
}

function problemWith(text: string, nameProblem: (name: string) => string | null): string | null {
  if (text === '') return 'it is empty';
  if (text.startsWith('/') || text.startsWith('\\')) return 'it must start with a name, not with a separator';
  if (/^[A-Za-z]:/.test(text) && nameProblem === newNameProblem) return 'it must not start with a drive letter';
  if (text.length > longestPath) return `it is longer than ${longestPath} characters`;
  for (const name of text.split('/')) {
    const problem = nameProblem(name);
    if (problem !== null) return `${quoted(name)} ${problem}`;
  }
  return null;
}

function accept(text: string, problem: string | null): RelPath {
  if (problem === null) return text as RelPath;
  throw new AppError('INVALID_PATH', `${quoted(text)} cannot be used as a path inside a location: ${problem}.`, {
    hint: 'Give a path such as loras/style.safetensors, relative to the location.',
  });
}
