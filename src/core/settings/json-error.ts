import { quoted } from '../paths/quoted.ts';

export interface JsonError {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** A complete token at the start of the rest of the text (RFC 8259). */
const token =
  /(?:[{}[\]:,]|"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w))/uy;
const space = /[ \t\r\n]*/y;

type Expecting = 'value' | 'value-or-]' | 'key' | 'key-or-}' | ':' | ',-or-end';

const wanted: Readonly<Record<Expecting, string>> = {
  value: 'a value',
  'value-or-]': 'a value or “]”',
  key: 'a key in double quotes',
  'key-or-}': 'a key in double quotes or “}”',
  ':': '“:”',
  ',-or-end': '“,” or the end',
};

/**
 * Where a text that `JSON.parse` refuses first stops being JSON. The engine's own message gives no position for some
 * mistakes and differs between versions.
 */
export function findJsonError(text: string): JsonError {
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    const complete = expecting === ',-or-end' && open.length === 0;
    if (at >= text.length) return locate(text, at, complete ? 'it is complete' : endedEarly(open, expecting));
    if (complete) return locate(text, at, `there is more after the end: ${quoted(text.slice(at, at + 10))}`);
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    const next: Expecting | null = found === undefined ? null : after(found, expecting, open);
    if (found === undefined || next === null) return locate(text, at, unexpected(text, at, expecting));
    expecting = next;
    at += found.length;
  }
}

/** What may follow a token, or null where the token itself may not stand there. Keeps `open` up to date. */
function after(found: string, expecting: Expecting, open: ('{' | '[')[]): Expecting | null {
  const takesValue = expecting === 'value' || expecting === 'value-or-]';
  switch (found) {
    case '{':
    case '[':
      if (!takesValue) return null;
      open.push(found);
      return found === '{' ? 'key-or-}' : 'value-or-]';
    case '}':
    case ']':
      return closes(found, expecting, open) ? ',-or-end' : null;
    case ':':
      return expecting === ':' ? 'value' : null;
    case ',':
      if (expecting !== ',-or-end') return null;
      return open.at(-1) === '{' ? 'key' : 'value';
    default:
      if (takesValue) return ',-or-end';
      return found.startsWith('"') && (expecting === 'key' || expecting === 'key-or-}') ? ':' : null;
  }
}

function closes(found: '}' | ']', expecting: Expecting, open: ('{' | '[')[]): boolean {
  const opener = found === '}' ? '{' : '[';
  if (open.at(-1) !== opener) return false;
  if (expecting !== ',-or-end' && expecting !== (found === '}' ? 'key-or-}' : 'value-or-]')) return false;
  open.pop();
  return true;
}

function unexpected(text: string, at: number, expecting: Expecting): string {
  const rest = text.slice(at);
  if (rest.startsWith('"')) {
    if (/^"[^"\n]*(?:\n|$)/.test(rest)) return 'a text has no closing double quote on its line';
    if (expecting === 'value' || expecting.startsWith('key')) {
      return 'a text contains a “\\” that must be doubled, or another character that must be escaped';
    }
  }
  if (rest.startsWith("'")) return 'texts need double quotes';
  if (rest.startsWith('//') || rest.startsWith('/*') || rest.startsWith('#')) return 'comments are not allowed';
  if (rest.startsWith('}') && expecting === 'key') return 'a comma stands before the closing “}”';
  if (rest.startsWith(']') && expecting === 'value')
    return 'a comma stands before the closing “]”, or a value is missing';
  const word = /^[\w.+-]+|^./su.exec(rest)?.[0] ?? '';
  return `${quoted(word)} stands where ${wanted[expecting]} is expected`;
}

function endedEarly(open: readonly string[], expecting: Expecting): string {
  const closing = open.at(-1) === '{' ? '“}”' : '“]”';
  if (open.length === 0) return 'the file is empty';
  return expecting === ',-or-end'
    ? `the file ends before the closing ${closing}`
    : `the file ends where ${wanted[expecting]} is expected`;
}

function locate(text: string, at: number, problem: string): JsonError {
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, problem };
}
