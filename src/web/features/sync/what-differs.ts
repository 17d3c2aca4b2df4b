import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { formatBytes, formatExactBytes } from '../../ui/format.ts';
import { formatDuration } from '../../ui/format-time.ts';
import type { SideNames } from './states.ts';

const sameTimeMs = 2_000;

function kindDifference(a: RowSide, b: RowSide, names: SideNames): string | null {
  if (a.kind === b.kind) return null;
  const word = (side: RowSide) => (side.kind === 'link' ? 'link' : side.kind);
  return `It is a ${word(a)} on ${names.a} and a ${word(b)} on ${names.b}.`;
}

function sizeDifference(a: RowSide, b: RowSide, names: SideNames): string | null {
  if (a.size === b.size || a.kind === 'folder' || b.kind === 'folder') return null;
  const larger = a.size > b.size ? names.a : names.b;
  const by = Math.abs(a.size - b.size);
  return `${larger} is larger by ${by < 1024 ? formatExactBytes(by) : formatBytes(by)}.`;
}

function timeDifference(a: RowSide, b: RowSide, names: SideNames): string | null {
  const by = Math.abs(a.mtimeMs - b.mtimeMs);
  if (by <= sameTimeMs || a.kind === 'folder' || b.kind === 'folder') return null;
  const newer = a.mtimeMs > b.mtimeMs ? names.a : names.b;
  const days = Math.round(by / 86_400_000);
  return `${newer} is newer by ${days > 1 ? `${days.toLocaleString()} days` : formatDuration(by / 1000)}.`;
}

function hashDifference(a: RowSide, b: RowSide): string | null {
  if (a.blake3 === undefined || b.blake3 === undefined || a.blake3 === b.blake3) return null;
  return 'Their BLAKE3 hashes differ.';
}

function nameDifference(a: RowSide, b: RowSide): string | null {
  return a.relPath === b.relPath ? null : 'Their names are not written the same.';
}

/** In sentences, what is not the same on both sides. */
export function whatDiffers({ a, b }: CompareRow, names: SideNames): string[] {
  if (!a || !b) return [];
  const found = [
    kindDifference(a, b, names),
    nameDifference(a, b),
    sizeDifference(a, b, names),
    hashDifference(a, b),
    timeDifference(a, b, names),
  ];
  return found.filter((sentence) => sentence !== null);
}
