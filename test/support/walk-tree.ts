import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';

export interface WalkedFile {
  readonly size: number;
  readonly mtimeNs: bigint;
  /** The bytes, one letter each: equal if and only if the contents are. */
  readonly content: string;
}

/** What a person would find: folders, and files with what is in them. Links to folders are followed once. */
export interface WalkedTree {
  readonly files: Map<string, WalkedFile>;
  readonly folders: Set<string>;
}

/** Reads a small tree plainly, with nothing of the scanner. */
export function walkTree(fs: RawFileSystem, root: string): WalkedTree {
  const tree: WalkedTree = { files: new Map(), folders: new Set(['']) };
  const separator = fs.platform === 'win32' ? '\\' : '/';
  const walk = (folder: string, isLinked: boolean): void => {
    const here = folder === '' ? root : root + separator + folder.replaceAll('/', separator);
    for (const { name, kind } of fs.list(here)) {
      const relPath = folder === '' ? name : `${folder}/${name}`;
      const path = here + separator + name;
      if (kind === 'special' || (kind === 'link' && !leadsInside(fs, root, path))) continue;
      const stat = fs.stat(path);
      if (stat.kind === 'file') {
        tree.files.set(relPath, { size: stat.size, mtimeNs: stat.mtimeNs, content: readAll(fs, path, stat.size) });
      } else if (kind === 'folder' || !(isLinked || isAncestor(fs, path, here))) {
        tree.folders.add(relPath);
        walk(relPath, isLinked || kind === 'link');
      }
    }
  };
  walk('', false);
  return tree;
}

function leadsInside(fs: RawFileSystem, root: string, path: string): boolean {
  try {
    const target = fs.realPath(path);
    return target === root || target.startsWith(root + (fs.platform === 'win32' ? '\\' : '/'));
  } catch {
    return false;
  }
}

function isAncestor(fs: RawFileSystem, link: string, folder: string): boolean {
  const target = fs.realPath(link);
  return folder === target || folder.startsWith(target + (fs.platform === 'win32' ? '\\' : '/'));
}

function readAll(fs: RawFileSystem, path: string, size: number): string {
  const file = fs.openRead(fs.realPath(path));
  const bytes = new Uint8Array(size);
  file.read(bytes, 0);
  file.close();
  return String.fromCharCode(...bytes);
}
