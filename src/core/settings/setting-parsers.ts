import { type AbsolutePath, normaliseRoot, rootProblem } from '../paths/absolute-path.ts';
import { quoted } from '../paths/quoted.ts';
import type { PathPlatform } from '../paths/rel-path.ts';
import type { LoopbackHost } from './settings.ts';

/** `problem` is the rest of a sentence that starts with the key and its value: "…, but it must be …". */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

export type Parse<Value> = (text: string, platform: PathPlatform) => Parsed<Value>;

const truths = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

export function parseSwitch(text: string): Parsed<boolean> {
  const value = truths.get(text.toLowerCase());
  return value === undefined ? { problem: 'it must be true or false' } : { value };
}

export function wholeNumber(lowest: number, highest: number): Parse<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= lowest && value <= highest) return { value };
    return { problem: `it must be a whole number from ${lowest} to ${highest}` };
  };
}

export function parseFolder(text: string, platform: PathPlatform): Parsed<AbsolutePath> {
  if (/^(?:[A-Za-z]:|\\\\)/.test(text) && /\p{Cc}/u.test(text)) {
    return {
      problem: 'a “\\” in it was read as a line break, tab or the like: write every “\\” twice, or “/” instead',
    };
  }
  const problem = rootProblem(text, platform);
  if (problem !== null) return { problem: `it must be the full path of a folder, and ${problem}` };
  return { value: normaliseRoot(text, platform) };
}

export function parseHashAlgorithm(text: string): Parsed<'blake3'> {
  if (text.toLowerCase() === 'blake3') return { value: 'blake3' };
  return { problem: 'it must be blake3, the only algorithm that identifies content here' };
}

const loopbackHosts = new Map<string, LoopbackHost>([
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['[::1]', '::1'],
]);

export function parseLoopbackHost(text: string): Parsed<LoopbackHost> {
  const value = loopbackHosts.get(text.toLowerCase());
  if (value !== undefined) return { value };
  return { problem: 'it must be localhost, 127.0.0.1 or ::1, because the server is for this machine only' };
}

/** Separated by spaces, commas or semicolons; the dot in front may be left out. */
export function parseExtensions(text: string): Parsed<readonly string[]> {
  const extensions: string[] = [];
  for (const word of text.split(/[\s,;]+/)) {
    if (word === '') continue;
    const extension = (word.startsWith('.') ? word : `.${word}`).toLowerCase();
    if (!/^\.[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u.test(extension)) {
      return { problem: `${quoted(word)} is not a file extension such as .safetensors` };
    }
    if (!extensions.includes(extension)) extensions.push(extension);
  }
  if (extensions.length === 0) return { problem: 'it must name at least one extension such as .safetensors' };
  return { value: extensions };
}

/** Separated by semicolons or line ends, since names may hold spaces and commas. */
export function parseGlobs(text: string): Parsed<readonly string[]> {
  const globs: string[] = [];
  for (const part of text.split(/[;\r\n]+/)) {
    const glob = part.trim();
    if (glob === '' || globs.includes(glob)) continue;
    const problem = globProblem(glob);
    if (problem !== null) return { problem: `the pattern ${quoted(glob)} ${problem}` };
    globs.push(glob);
  }
  return { value: globs };
}

function globProblem(glob: string): string | null {
  if (glob.includes('\\')) return 'contains “\\”; write “/” between folders';
  if (glob.split('/').some((name) => name === '..' || name === '.')) return 'must not contain “.” or “..” as a folder';
  if (/\p{Cc}/u.test(glob)) return 'contains a control character';
  return null;
}
