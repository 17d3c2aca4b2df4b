import type { FolderNode, MemoryEntry, MemoryNode, MemoryVolume } from './memory-volume.ts';

/** A name that is there for good, as if it had always been. */
export function setName(folder: FolderNode, key: string, entry: MemoryEntry): void {
  folder.entries.set(key, entry);
  folder.durable.set(key, entry);
  folder.unsynced.delete(key);
}

export function dropName(folder: FolderNode, key: string): void {
  folder.entries.delete(key);
  folder.durable.delete(key);
  folder.unsynced.delete(key);
}

/** A name that a power cut may take back; changes of one number are taken back together. */
export function setNameUnsynced(folder: FolderNode, key: string, entry: MemoryEntry, change: number): void {
  folder.entries.set(key, entry);
  folder.unsynced.set(key, change);
}

export function dropNameUnsynced(folder: FolderNode, key: string, change: number): void {
  folder.entries.delete(key);
  folder.unsynced.set(key, change);
}

export function syncNames(folder: FolderNode): void {
  folder.durable = new Map(folder.entries);
  folder.unsynced.clear();
}

/** One name of a node is gone, with all that is below it. */
export function release(node: MemoryNode, volume: MemoryVolume): void {
  if (node.kind === 'folder') {
    node.isGone = true;
    for (const entry of node.entries.values()) release(entry.node, volume);
  }
  if (node.kind !== 'file') return;
  node.links -= 1;
  node.ctimeNs = volume.nowNs();
  if (node.links === 0) volume.usedBytes -= node.size;
}
