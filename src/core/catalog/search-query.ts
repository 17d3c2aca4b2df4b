import { type CompareState, compareStates } from '../../contract/sync-words.ts';
import { AppError } from '../errors/app-error.ts';
import { normalise } from './search-text.ts';

/** What a search box says, taken apart: words that must all occur, in any order, and filters that must all hold. */
export interface SearchQuery {
  readonly terms: readonly string[];
  readonly filters: readonly SearchFilter[];
}

export type SearchFilter =
  | { readonly kind: 'extension'; readonly extensions: readonly string[] }
  | { readonly kind: 'size'; readonly min: number; readonly max: number }
  /** Unix milliseconds. */
  | { readonly kind: 'modified'; readonly after: number; readonly before: number }
  | { readonly kind: 'category'; readonly categories: readonly string[] }
  | { readonly kind: 'state'; readonly states: readonly CompareState[] }
  | { readonly kind: 'location'; readonly locations: readonly string[] }
  | { readonly kind: 'hash'; readonly known: boolean };

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const dayMs = 86_400_000;
const days: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, mo: 30, y: 365 };

/**
 * `flux "exact words" ext:gguf,safetensors size>4GB size<=10GB modified<30d category:loras state:conflict location:lake
 * hash:known`. Sizes count in 1024s. Throws INVALID_INPUT for a filter that cannot be understood; text that merely
 * contains `:` or `>` is an ordinary word.
 */
export function parseSearchQuery(text: string, nowMs: number): SearchQuery {
  const terms: string[] = [];
  const filters: SearchFilter[] = [];
  for (const [, quoted, plain] of text.matchAll(/"([^"]*)"?|(\S+)/g)) {
    if (quoted !== undefined) {
      if (quoted.trim() !== '') terms.push(normalise(quoted.trim()));
      continue;
    }
    const word = plain ?? '';
    const match = /^([a-z]+)(:|<=|>=|<|>|=)(.*)$/i.exec(word);
    const filter = match ? parseFilter((match[1] ?? '').toLowerCase(), match[2] ?? '', match[3] ?? '', nowMs) : null;
    if (filter) filters.push(filter);
    else terms.push(normalise(word).replaceAll('\\', '/'));
  }
  return { terms, filters };
}

function parseFilter(key: string, operator: string, value: string, nowMs: number): SearchFilter | null {
  const list = value
    .toLowerCase()
    .split(',')
    .filter((part) => part !== '');
  switch (key) {
    case 'ext':
    case 'extension':
      return {
        kind: 'extension',
        extensions: need(key, list).map((part) => (part.startsWith('.') ? part : `.${part}`)),
      };
    case 'category':
    case 'folder':
      return { kind: 'category', categories: need(key, list) };
    case 'location':
      return { kind: 'location', locations: need(key, list) };
    case 'state':
      return { kind: 'state', states: need(key, list).flatMap(statesOf) };
    case 'hash':
      return { kind: 'hash', known: oneOf(key, value, { known: true, yes: true, unknown: false, no: false }) };
    case 'size':
      return sizeFilter(operator, value);
    case 'modified':
      return modifiedFilter(operator, value, nowMs);
    default:
      return null;
  }
}

function need(key: string, list: readonly string[]): readonly string[] {
  if (list.length === 0) throw new AppError('INVALID_INPUT', `The filter “${key}:” needs a value after the colon.`);
  return list;
}

/** Short names that people type beside the exact ones. */
const stateWords: Readonly<Record<string, readonly CompareState[]>> = {
  same: ['same-verified', 'same-probable'],
  verified: ['same-verified'],
  probable: ['same-probable'],
  clash: ['case-clash'],
  different: ['only-a', 'only-b', 'unverified', 'conflict', 'case-clash'],
  lone: ['only-a', 'only-b'],
};

function statesOf(word: string): readonly CompareState[] {
  const exact = compareStates.find((state) => state === word);
  const states = exact ? [exact] : ownValue(stateWords, word);
  if (states) return states;
  throw new AppError('INVALID_INPUT', `“state:${word}” is not a state.`, {
    hint: `Use one of ${[...compareStates, ...Object.keys(stateWords)].join(', ')}.`,
  });
}

/** What was typed must not find what every object has, such as `constructor`. */
function ownValue<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function oneOf<T>(key: string, value: string, choices: Readonly<Record<string, T>>): T {
  const chosen = ownValue(choices, value.toLowerCase());
  if (chosen !== undefined) return chosen;
  throw new AppError('INVALID_INPUT', `“${key}:${value}” is not understood; use ${Object.keys(choices).join(' or ')}.`);
}

function sizeFilter(operator: string, value: string): SearchFilter {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(value);
  if (!match) {
    throw new AppError('INVALID_INPUT', `“size${operator}${value}” is not a size.`, {
      hint: 'Write it like size>4GB or size<=500MB.',
    });
  }
  const bytes = Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1);
  return { kind: 'size', ...range(operator, bytes) };
}

function modifiedFilter(operator: string, value: string, nowMs: number): SearchFilter {
  const age = /^(\d+(?:\.\d+)?)(h|d|w|mo|y)$/i.exec(value);
  if (age) {
    const at = nowMs - Number(age[1]) * (days[(age[2] ?? '').toLowerCase()] ?? 1) * dayMs;
    // "modified>30d": longer ago than 30 days.
    const { min, max } = range(
      operator === '>' ? '<' : operator === '<' ? '>' : operator === '>=' ? '<=' : operator === '<=' ? '>=' : operator,
      at,
    );
    return { kind: 'modified', after: min, before: max };
  }
  const start = startOfDay(value);
  if (start === null) {
    throw new AppError('INVALID_INPUT', `“modified${operator}${value}” is not a time.`, {
      hint: 'Write it like modified<30d or modified>=2026-01-31.',
    });
  }
  const end = start + dayMs - 1;
  const { min, max } = range(operator, operator === '>' || operator === '<=' ? end : start);
  return { kind: 'modified', after: min, before: operator === ':' || operator === '=' ? end : max };
}

/** Midnight UTC of a day that exists. */
function startOfDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const at = Date.UTC(year, month - 1, day);
  return new Date(at).toISOString().startsWith(text) ? at : null;
}

function range(operator: string, value: number): { min: number; max: number } {
  switch (operator) {
    case '>':
      return { min: value + Number.EPSILON * value + 1e-9, max: Number.POSITIVE_INFINITY };
    case '>=':
      return { min: value, max: Number.POSITIVE_INFINITY };
    case '<':
      return { min: Number.NEGATIVE_INFINITY, max: value - Number.EPSILON * value - 1e-9 };
    case '<=':
      return { min: Number.NEGATIVE_INFINITY, max: value };
    default:
      return { min: value, max: value };
  }
}
