import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ChangingFileSystem } from '../../src/core/ports/changing-file-system.ts';
import { createNodeChangingFileSystem } from '../../src/platform/filesystem/node-changing-file-system.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';

/** A folder that a suite fills and then looks at through a port; the same calls for a real drive and for memory. */
export interface TestTree {
  readonly fs: ChangingFileSystem;
  readonly root: string;
  /** false: `setReadable` changes nothing for this user. */
  readonly canDenyReading: boolean;
  /** false: this user or drive makes no symbolic links. */
  readonly canLink: boolean;
  /** Rules of Windows: neither pipes nor names that are no Unicode, times of 100 ns, short names of errors. */
  readonly isWindows: boolean;
  /** Absolute path of something in it. */
  at(relPath: string): string;
  folder(relPath: string): void;
  file(
    relPath: string,
    file?: { readonly bytes?: Uint8Array; readonly size?: number; readonly mtimeNs?: bigint },
  ): void;
  link(relPath: string, target: string): void;
  hardLink(relPath: string, existing: string): void;
  pipe(relPath: string): void;
  /** A file whose name is no UTF-8; it is listed as `bad\uFFFD(ff).bin`. */
  invalidName(folder: string): void;
  rename(from: string, to: string): void;
  remove(relPath: string): void;
  setTime(relPath: string, mtimeNs: bigint): void;
  setReadable(relPath: string, readable: boolean): void;
  dispose(): void;
}

export interface TreeKind {
  readonly title: string;
  readonly create: () => TestTree;
}

/** The superuser reads everything. */
const canDenyReading = process.platform !== 'win32' && process.getuid?.() !== 0;
const isWindows = process.platform === 'win32';
const canLink = linksAreMade();

/** Windows asks for a right; Wine says that it made the link and makes nothing. */
function linksAreMade(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-link-'));
  try {
    fs.symlinkSync('gone', path.join(folder, 'l'));
    return fs.lstatSync(path.join(folder, 'l')).isSymbolicLink();
  } catch {
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

export function realTree(changing: ChangingFileSystem = createNodeChangingFileSystem()): TestTree {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-tree-')));
  const at = (relPath: string): string => (relPath === '' ? root : path.join(root, ...relPath.split('/')));
  const ready = (relPath: string): string => {
    fs.mkdirSync(path.dirname(at(relPath)), { recursive: true });
    return at(relPath);
  };
  return {
    fs: changing,
    root,
    canDenyReading,
    canLink,
    isWindows,
    at,
    folder: (relPath) => void fs.mkdirSync(at(relPath), { recursive: true }),
    file(relPath, { bytes = new Uint8Array(0), size, mtimeNs } = {}) {
      fs.writeFileSync(ready(relPath), bytes);
      if (size !== undefined) fs.truncateSync(at(relPath), size);
      if (mtimeNs !== undefined) setTime(at(relPath), mtimeNs);
    },
    link: (relPath, target) => fs.symlinkSync(target, ready(relPath)),
    hardLink: (relPath, existing) => fs.linkSync(at(existing), ready(relPath)),
    pipe: (relPath) => void execFileSync('mkfifo', [ready(relPath)]),
    invalidName: (folder) =>
      fs.writeFileSync(Buffer.concat([Buffer.from(`${at(folder)}/bad`), Buffer.of(0xff), Buffer.from('.bin')]), 'x'),
    rename: (from, to) => fs.renameSync(at(from), ready(to)),
    remove: (relPath) => fs.rmSync(at(relPath), { recursive: true, force: true }),
    setTime: (relPath, mtimeNs) => setTime(at(relPath), mtimeNs),
    setReadable: (relPath, readable) => fs.chmodSync(at(relPath), readable ? 0o700 : 0),
    dispose: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

/** Node sets times as a floating point number of seconds, `touch` to the nanosecond. */
function setTime(file: string, mtimeNs: bigint): void {
  const digits = String(mtimeNs < 0n ? -mtimeNs : mtimeNs).padStart(10, '0');
  const seconds = `${mtimeNs < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
  if (isWindows) fs.utimesSync(file, Number(mtimeNs) / 1e9, Number(mtimeNs) / 1e9);
  else execFileSync('touch', ['-h', '-d', `@${seconds}`, file]);
}

export const memoryTree = (): TestTree => treeInMemory(new MemoryFileSystem(), '/lib/models');

/** NTFS on Windows: letters do not count, times are multiples of 100 ns. */
export const windowsMemoryTree = (): TestTree =>
  treeInMemory(new MemoryFileSystem({ platform: 'win32', volume: { timeGranularityNs: 100n } }), 'C:\\lib\\models');

function treeInMemory(memory: MemoryFileSystem, root: string): TestTree {
  const hasWindowsRules = memory.platform === 'win32';
  const separator = hasWindowsRules ? '\\' : '/';
  const at = (relPath: string): string => (relPath === '' ? root : [root, ...relPath.split('/')].join(separator));
  memory.folder(root);
  return {
    fs: memory,
    root,
    canDenyReading: true,
    canLink: true,
    isWindows: hasWindowsRules,
    at,
    folder: (relPath) => memory.folder(at(relPath)),
    file: (relPath, file = {}) => memory.file(at(relPath), file),
    link: (relPath, target) => memory.link(at(relPath), target),
    hardLink: (relPath, existing) => memory.hardLink(at(relPath), at(existing)),
    pipe: (relPath) => memory.special(at(relPath)),
    invalidName: (folder) =>
      memory.file(`${at(folder)}${separator}bad\uFFFD(ff).bin`, { size: 1, hasInvalidName: true }),
    rename: (from, to) => memory.rename(at(from), at(to)),
    remove: (relPath) => memory.remove(at(relPath)),
    setTime: (relPath, mtimeNs) => memory.setTime(at(relPath), mtimeNs),
    setReadable: (relPath, readable) => memory.setReadable(at(relPath), readable),
    dispose: () => {},
  };
}
