import { AppError } from '../errors/app-error.ts';

/** What ext4, NTFS, exFAT and SMB take: 255 bytes of UTF-8 are never more than 255 UTF-16 units. */
const longestName = 255;
const encoder = new TextEncoder();

/**
 * Name of the unfinished file of a copy, beside its final name: `.NAME.TAG.part` (docs/formats/part-files.md). A long
 * name is cut and gets a hash, so that it fits and is still told apart from others that begin alike.
 */
export function partName(name: string, tag: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(tag)) throw new AppError('INVALID_INPUT', `“${tag}” cannot tag a copy.`);
  const whole = `.${name}.${tag}.part`;
  if (bytesOf(whole) <= longestName) return whole;
  const end = `~${hashOf(name)}.${tag}.part`;
  let kept = '.';
  let room = longestName - bytesOf(kept) - bytesOf(end);
  for (const character of name) {
    room -= bytesOf(character);
    if (room < 0) break;
    kept += character;
  }
  return kept + end;
}

/** A second name that an unfinished file has for a moment, to see whether its drive has hard links. */
export function linkProbeName(name: string, tag: string): string {
  return partName(name, `${tag}-link`);
}

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/), over UTF-8. */
function hashOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
