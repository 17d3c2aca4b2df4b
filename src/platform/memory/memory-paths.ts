import { fromOsError } from '../filesystem/os-error.ts';

/** An absolute path taken apart: where it starts (`/`, `C:\`, `\\server\share\`) and the names below. */
export interface MemoryPath {
  readonly start: string;
  readonly names: readonly string[];
}

export function osError(name: string, path: string): Error {
  const error = fromOsError(Object.assign(new Error(name), { code: name }), path);
  return error instanceof Error ? error : new Error(name);
}

/** `.` and `..` are worked out by name, which is all that tests and demos need. */
export function splitPath(path: string, isWindows: boolean): MemoryPath {
  if (!isWindows) {
    if (!path.startsWith('/')) throw osError('EINVAL', path);
    return { start: '/', names: cleanNames(path.split('/')) };
  }
  const plain = path
    .replaceAll('/', '\\')
    .replace(/^\\\\\?\\UNC\\/i, '\\\\')
    .replace(/^\\\\\?\\/, '');
  const share = /^\\\\([^\\]+)\\([^\\]+)\\?/.exec(plain);
  if (share)
    return { start: `\\\\${share[1]}\\${share[2]}\\`, names: cleanNames(plain.slice(share[0].length).split('\\')) };
  const drive = /^([A-Za-z]):\\?/.exec(plain);
  if (!drive) throw osError('EINVAL', path);
  return { start: `${drive[1]?.toUpperCase()}:\\`, names: cleanNames(plain.slice(drive[0].length).split('\\')) };
}

function cleanNames(names: readonly string[]): string[] {
  const kept: string[] = [];
  for (const name of names) {
    if (name === '..') kept.pop();
    else if (name !== '' && name !== '.') kept.push(name);
  }
  return kept;
}

export function joinNames({ start, names }: MemoryPath, isWindows: boolean): string {
  return start + names.join(isWindows ? '\\' : '/');
}

/** Longest name: 255 bytes of UTF-8, on Windows 255 UTF-16 units. */
export function isTooLong(name: string, isWindows: boolean): boolean {
  return (isWindows ? name.length : new TextEncoder().encode(name).length) > 255;
}
