import { AppError } from '../errors/app-error.ts';

const encoder = new TextEncoder();

/**
 * `<location>:<relPath in base64url of its UTF-8 bytes>`: opaque to callers, and safe in an address whatever the name
 * holds.
 */
export function entryIdOf(location: string, relPath: string): string {
  return `${location}:${idOfPath(relPath)}`;
}

/** The part of an entry id that both sides of a row have in common. */
export function idOfPath(relPath: string): string {
  return plainToBase64Url(relPath) ?? toBase64Url(encoder.encode(relPath));
}

/** @throws AppError ENTRY_NOT_FOUND for what is no entry id. */
export function parseEntryId(id: string): { readonly location: string; readonly relPath: string } {
  const colon = id.indexOf(':');
  const bytes = colon > 0 ? fromBase64Url(id.slice(colon + 1)) : null;
  if (bytes === null) throw new AppError('ENTRY_NOT_FOUND', 'This is not the id of a file.');
  return { location: id.slice(0, colon), relPath: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two characters for each 12 bits. */
const pairs = Array.from({ length: 4096 }, (_, bits) => (alphabet[bits >> 6] ?? '') + (alphabet[bits & 63] ?? ''));

/** Nearly every path is plain ASCII, whose bytes are its code units; null for others. Called for every row of every page. */
function plainToBase64Url(text: string): string | null {
  let id = '';
  for (let i = 0; i < text.length; i += 3) {
    const left = text.length - i;
    const first = text.charCodeAt(i);
    const second = left > 1 ? text.charCodeAt(i + 1) : 0;
    const third = left > 2 ? text.charCodeAt(i + 2) : 0;
    if ((first | second | third) > 127) return null;
    const block = (first << 16) | (second << 8) | third;
    const last = pairs[block & 4095] ?? '';
    id += (pairs[block >> 12] ?? '') + (left > 2 ? last : left > 1 ? last[0] : '');
  }
  return id;
}

/** One string is made at the end instead of one for each character. */
function toBase64Url(bytes: Uint8Array): string {
  const codes: number[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const block = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const characters = Math.min(4, bytes.length - i + 1);
    for (let k = 0; k < characters; k += 1) codes.push(alphabet.charCodeAt((block >> (18 - 6 * k)) & 63));
  }
  return String.fromCharCode(...codes);
}

function fromBase64Url(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let block = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) return null;
    block = ((block << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (block >> bits) & 255;
      at += 1;
    }
  }
  return bytes;
}
