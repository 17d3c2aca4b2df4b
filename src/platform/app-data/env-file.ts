import path from 'node:path';
import { parseEnv } from 'node:util';
import { AppError } from '../../core/errors/app-error.ts';
import { readConfigText } from './settings-store.ts';

export interface EnvFile {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The `.env` of a folder, null when there is none. Values are read by Node's own parser; what that parser skips or
 * cuts off in silence is refused here, with its line.
 *
 * @throws AppError INVALID_SETTING
 */
export function readEnvFile(folder: string): EnvFile | null {
  const file = path.join(folder, '.env');
  const text = readConfigText(file);
  return text === null ? null : { path: file, values: parseEnvText(text, file) };
}

export function parseEnvText(text: string, file: string): Readonly<Record<string, string>> {
  const content = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const keys = new Set<string>();
  for (let line = 1, rest = content; rest !== ''; ) {
    const statement = readStatement(rest);
    if ('problem' in statement) {
      throw new AppError('INVALID_SETTING', `Line ${line} of ${file} ${statement.problem}.`, { hint: statement.hint });
    }
    if (statement.key !== null) keys.add(statement.key);
    line += statement.text.split('\n').length - 1;
    rest = rest.slice(statement.text.length);
  }
  const values = Object.entries(parseEnv(content)).map(([key, value]) => [key, value ?? ''] as const);
  const missed = [...keys].find((key) => !values.some(([known]) => known === key));
  if (missed !== undefined || values.length !== keys.size) {
    throw new AppError('INVALID_SETTING', `${file} cannot be read reliably${missed ? ` (${missed} gets lost)` : ''}.`, {
      hint: 'Write one KEY=value on each line, with the value in single quotes.',
    });
  }
  return Object.fromEntries(values);
}

type Statement =
  | { readonly key: string | null; readonly text: string }
  | { readonly problem: string; readonly hint: string };

const blankOrComment = /^\s*(?:#.*\n?)?$/;
const keyPart = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;

/** One assignment, comment or blank line from the start of the text, with its line end. */
function readStatement(text: string): Statement {
  const firstLine = /^[^\n]*\n?/.exec(text)?.[0] ?? '';
  if (blankOrComment.test(firstLine)) return { key: null, text: firstLine };
  const start = keyPart.exec(firstLine);
  const key = start?.[1];
  if (start === null || key === undefined) return malformedLine(firstLine.trim());
  const value = text.slice(start[0].length);
  const quote = value[0];
  if (quote === '"' || quote === "'" || quote === '`') return quotedValue({ key, quote, value, start: start[0] });
  const bare = value.split('\n', 1)[0] ?? '';
  if (/\S#/.test(bare.split(/(?:^|\s)#/, 1)[0] ?? '')) {
    return {
      problem: `has a “#” in the value of ${key}, which would cut it off there`,
      hint: `Put the value in single quotes: ${key}='…'.`,
    };
  }
  return { key, text: firstLine };
}

/** Escaped, because the file may hold anything. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function malformedLine(line: string): Statement {
  const hint = 'Write KEY=value, or start the line with # to make it a comment.';
  if (!line.includes('=')) return { problem: `(${quoted(line)}) has no “=”`, hint };
  const key = line.slice(0, line.indexOf('=')).trim();
  if (key === '') return { problem: 'has no name before the “=”', hint };
  return {
    problem: `does not start with a usable name: ${quoted(key)}`,
    hint: 'A name has letters, digits and _ only, and no spaces.',
  };
}

interface QuotedValue {
  readonly key: string;
  readonly quote: string;
  /** The text from the opening quote on. */
  readonly value: string;
  /** What stands before it. */
  readonly start: string;
}

function quotedValue({ key, quote, value, start }: QuotedValue): Statement {
  const end = value.indexOf(quote, 1);
  if (end < 0) {
    return {
      problem: `opens the value of ${key} with ${quote} and never closes it`,
      hint: `Add the missing ${quote}.`,
    };
  }
  const inside = value.slice(1, end);
  const after = /^[^\n]*\n?/.exec(value.slice(end + 1))?.[0] ?? '';
  if (!blankOrComment.test(after)) {
    return {
      problem: `has ${quoted(after.trim())} after the closing ${quote} of ${key}, which would be cut off`,
      hint: 'Put the whole value in one pair of quotes of another kind.',
    };
  }
  if (quote === '"' && inside.includes('\\n') && /^(?:[A-Za-z]:|\\\\)/.test(inside)) {
    return {
      problem: `has a Windows path in double quotes, where “\\n” becomes a line break`,
      hint: `Use single quotes: ${key}='${inside}'.`,
    };
  }
  return { key, text: start + value.slice(0, end + 1) + after };
}
