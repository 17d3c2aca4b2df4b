import { copyHash, createFolderHashes, type FolderHashes, setHash } from './folder-hashes.ts';
import type { IndexedFolder, LocationIndex } from './location-index.ts';
import { type FileFacts, PackedFolder, packFolder } from './packed-folder.ts';

/** A file that this program itself made, moved or removed: the index is told instead of reading the drive again. */
export interface FileEdit {
  readonly relPath: string;
  /** null: the file is gone. */
  readonly facts: (Omit<FileFacts, 'name' | 'kind'> & Partial<Pick<FileFacts, 'kind'>>) | null;
  /** Content, where it was read or is known. */
  readonly blake3: Uint8Array | null;
}

/** Puts edits into the index, folder by folder. Returns the folders that changed, to be stored. */
export function editIndex(index: LocationIndex, edits: readonly FileEdit[]): readonly IndexedFolder[] {
  const byFolder = new Map<string, Map<string, FileEdit>>();
  for (const edit of edits) {
    const slash = edit.relPath.lastIndexOf('/');
    const folder = slash < 0 ? '' : edit.relPath.slice(0, slash);
    const names = byFolder.get(folder) ?? new Map<string, FileEdit>();
    // What happened last counts.
    names.set(edit.relPath.slice(slash + 1), edit);
    byFolder.set(folder, names);
  }
  const changed: IndexedFolder[] = [];
  for (const [relPath, names] of byFolder) {
    const before = index.folder(relPath);
    const isGoneAnyway = before === undefined && [...names.values()].every(({ facts }) => facts === null);
    if (isGoneAnyway) continue;
    if (before === undefined) changed.push(...addFoldersAbove(index, relPath));
    const folder = editFolder(relPath, before, names);
    index.set(folder);
    changed.push(folder);
  }
  return changed;
}

/** Removes folders that were emptied and removed. Returns those that the index knew. */
export function dropFolders(index: LocationIndex, relPaths: readonly string[]): readonly string[] {
  return relPaths.filter((relPath) => {
    const folder = index.folder(relPath);
    if (folder === undefined || folder.files.count > 0) return false;
    index.delete(relPath);
    return true;
  });
}

function editFolder(
  relPath: string,
  before: IndexedFolder | undefined,
  names: ReadonlyMap<string, FileEdit>,
): IndexedFolder {
  const facts: FileFacts[] = [];
  for (let i = 0; i < (before?.files.count ?? 0); i += 1) {
    if (before && !names.has(before.files.name(i))) facts.push(before.files.facts(i));
  }
  for (const [name, edit] of names) if (edit.facts !== null) facts.push({ name, kind: 'file', ...edit.facts });
  const files = new PackedFolder(packFolder(facts));
  return { relPath, files, hashes: editHashes(before, files, names) };
}

function editHashes(
  before: IndexedFolder | undefined,
  files: PackedFolder,
  names: ReadonlyMap<string, FileEdit>,
): FolderHashes | null {
  const learns = [...names.values()].some(({ facts, blake3 }) => facts !== null && blake3 !== null);
  if (!before?.hashes && !learns) return null;
  const hashes = createFolderHashes(files.count);
  for (let i = 0, j = 0; before?.hashes && i < before.files.count; i += 1) {
    const name = before.files.name(i);
    if (names.has(name)) continue;
    // Both are sorted by name, and what stays keeps its order.
    while (files.name(j) !== name) j += 1;
    copyHash(before.hashes, i, hashes, j);
  }
  for (const [name, { facts, blake3 }] of names) {
    if (facts !== null && blake3 !== null) setHash(hashes, files.indexOf(name), blake3);
  }
  return hashes;
}

/** Every folder of the index hangs on the root. */
function addFoldersAbove(index: LocationIndex, relPath: string): readonly IndexedFolder[] {
  const added: IndexedFolder[] = [];
  for (let path = relPath; path !== ''; ) {
    path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (index.folder(path)) break;
    const folder = { relPath: path, files: new PackedFolder(packFolder([])), hashes: null };
    index.set(folder);
    added.push(folder);
  }
  return added;
}

/** Files below a folder, the folder's own included. */
export function countBelow(index: LocationIndex, folder: string): number {
  let files = 0;
  for (const indexed of index.inOrder()) {
    if (folder === '' || indexed.relPath === folder || indexed.relPath.startsWith(`${folder}/`))
      files += indexed.files.count;
  }
  return files;
}
