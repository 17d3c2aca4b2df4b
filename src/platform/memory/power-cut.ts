import { type MemoryContent, WrittenContent } from './memory-content.ts';
import { syncNames } from './memory-names.ts';
import type { FileNode, FolderNode, MemoryVolume } from './memory-volume.ts';

/**
 * Harsher than a journaling drive: each name that was not synced is there or not by itself, and of a file that was not
 * synced any length may be left, of bytes or of zeros.
 */
export function cutPower(volumes: readonly MemoryVolume[], seed: number): void {
  for (const volume of volumes) {
    const seen = new Map<FileNode, number>();
    settleFolder(volume.root, seed, seen);
    volume.usedBytes = 0;
    for (const [file, links] of seen) {
      settleFile(file, mix(seed, Number(file.id & 0xffff_ffffn)));
      file.links = links;
      volume.usedBytes += file.size;
    }
  }
}

function settleFolder(folder: FolderNode, seed: number, seen: Map<FileNode, number>): void {
  for (const [key, change] of folder.unsynced) {
    if (mix(seed, change) % 2 === 0) continue;
    const before = folder.durable.get(key);
    if (before) folder.entries.set(key, before);
    else folder.entries.delete(key);
  }
  syncNames(folder);
  for (const { node } of folder.entries.values()) {
    if (node.kind === 'folder') {
      node.isGone = false;
      settleFolder(node, seed, seen);
    }
    if (node.kind === 'file') seen.set(node, (seen.get(node) ?? 0) + 1);
  }
}

function settleFile(file: FileNode, chance: number): void {
  const durable = file.durable ?? { size: 0, mtimeNs: file.mtimeNs, content: nothing };
  const written = file.content;
  const isSynced = written === durable.content || (file.durable !== null && isSame(file, durable));
  if (!isSynced && chance % 3 !== 0) {
    const size = chance % 3 === 1 ? file.size : durable.size + (chance % (Math.abs(file.size - durable.size) + 1));
    const content = new WrittenContent(nothing, size);
    const kept = new Uint8Array(Math.min(size, durable.size));
    durable.content.fill(kept, 0);
    content.write(kept, 0);
    Object.assign(file, { size, content });
  } else Object.assign(file, { size: durable.size, content: durable.content });
  file.mtimeNs = durable.mtimeNs;
  file.durable = { size: file.size, mtimeNs: file.mtimeNs, content: file.content };
}

const nothing: MemoryContent = { fill: (target) => void target.fill(0) };

function isSame(file: FileNode, durable: NonNullable<FileNode['durable']>): boolean {
  if (file.size !== durable.size) return false;
  const [now, then] = [new Uint8Array(file.size), new Uint8Array(file.size)];
  file.content.fill(now, 0);
  durable.content.fill(then, 0);
  return now.every((byte, at) => byte === then[at]);
}

function mix(seed: number, value: number): number {
  let word = Math.imul(seed ^ Math.imul(value, 0x9e3779b1), 0x85ebca6b) >>> 0;
  word = Math.imul(word ^ (word >>> 15), 0xc2b2ae35) >>> 0;
  return (word ^ (word >>> 13)) >>> 0;
}
