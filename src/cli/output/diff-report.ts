import type { HashRun } from '../../contract/hashing.ts';
import type { Problem } from '../../contract/indexing.ts';
import type { CompareRow, CompareSummary, RowSide } from '../../contract/sync.ts';
import type { CompareState } from '../../contract/sync-words.ts';
import { compareStates } from '../../contract/sync-words.ts';
import type { JsonDocument } from '../command.ts';
import { formatBytes, formatCount, plural } from './format.ts';
import { jsonWithList } from './json-stream.ts';
import type { Look, Paint } from './look.ts';
import { problemLines } from './problem-lines.ts';
import { renderTable } from './table.ts';

export interface DiffGroup {
  readonly state: CompareState;
  readonly total: number;
  readonly rows: readonly CompareRow[];
}

export interface DiffReport {
  readonly a: string;
  readonly b: string;
  readonly summary: CompareSummary;
  readonly moved: number;
  readonly problems: readonly Problem[];
  /** Files that `--hash` could not hash. */
  readonly failures: HashRun['failed'];
  /** The first rows of each state, for people. */
  readonly groups: readonly DiffGroup[];
  /** All rows, page by page, for scripts. */
  readonly rows?: AsyncIterable<readonly CompareRow[]>;
  changedWhileReading(): boolean;
}

/** The document that the reference promises to scripts; keys are only ever added. */
export function diffJson(report: DiffReport): JsonDocument {
  const { a, b, summary, moved, rows } = report;
  const problems = [...report.problems, ...report.failures];
  if (rows === undefined) return { value: { a, b, summary, moved, problems } };
  return {
    pieces: jsonWithList({
      head: { a, b, summary, moved, problems },
      list: 'entries',
      pages: entryPages(rows),
      tail: () => (report.changedWhileReading() ? { changedWhileReading: true } : {}),
    }),
  };
}

async function* entryPages(pages: AsyncIterable<readonly CompareRow[]>): AsyncIterable<readonly unknown[]> {
  for await (const rows of pages) {
    yield rows.map(({ relPath, state, a, b, movedTo, movedFrom }) => ({
      relPath,
      state,
      a: a && describeSide(a, relPath),
      b: b && describeSide(b, relPath),
      movedTo,
      movedFrom,
    }));
  }
}

/** `kind` and `relPath` only where they are not what one would expect: a folder or link, a name in other case. */
function describeSide(side: RowSide, relPath: string) {
  return {
    size: side.size,
    mtimeMs: side.mtimeMs,
    blake3: side.blake3,
    kind: side.kind === 'file' ? undefined : side.kind,
    relPath: side.relPath === relPath ? undefined : side.relPath,
  };
}

const glyphs: Readonly<Record<CompareState | 'moved', string>> = {
  'only-a': '→',
  'only-b': '←',
  'same-verified': '=',
  'same-probable': '≈',
  unverified: '?',
  conflict: '⚠',
  'case-clash': 'Aa',
  moved: '↷',
};

function wordsFor(state: CompareState, { a, b }: DiffReport): string {
  switch (state) {
    case 'only-a':
      return `only ${a}`;
    case 'only-b':
      return `only ${b}`;
    case 'same-verified':
      return 'same';
    case 'same-probable':
      return 'probably same';
    case 'unverified':
      return 'not verified yet';
    case 'case-clash':
      return 'case clash';
    case 'conflict':
      return 'conflict';
  }
}

function paintFor(state: CompareState, look: Look): Paint {
  switch (state) {
    case 'conflict':
    case 'case-clash':
      return look.yellow;
    case 'only-a':
    case 'only-b':
      return look.blue;
    case 'same-verified':
      return look.green;
    case 'same-probable':
    case 'unverified':
      return look.dim;
  }
}

export function* diffText(report: DiffReport, look: Look): Iterable<string> {
  const { a, b, summary } = report;
  yield `${look.bold(a)} compared with ${look.bold(b)}`;
  yield '';
  yield* renderTable<CompareState>(
    [
      { title: '', cell: (state) => glyphs[state], paint: (state) => paintFor(state, look) },
      { title: 'State', cell: (state) => wordsFor(state, report) },
      { title: 'Files', align: 'right', cell: (state) => formatCount(summary[state].files) },
      { title: 'Size', align: 'right', cell: (state) => formatBytes(summary[state].bytes) },
    ],
    compareStates,
    look,
  );
  if (report.moved > 0)
    yield `${glyphs.moved}   ${plural(report.moved, 'file')} moved or renamed: same content, other path`;
  for (const group of report.groups) yield* groupLines(group, report, look);
  if (report.problems.length > 0) yield `\n${plural(report.problems.length, 'problem')} while reading`;
  yield* problemLines(report.problems, look);
  if (report.failures.length > 0) yield `\n${plural(report.failures.length, 'file')} could not be hashed`;
  yield* problemLines(report.failures.map(asProblem), look);
}

function* groupLines({ state, total, rows }: DiffGroup, report: DiffReport, look: Look): Iterable<string> {
  yield '';
  const words = wordsFor(state, report);
  yield look.bold(`${words.charAt(0).toUpperCase()}${words.slice(1)} (${formatCount(total)})`);
  yield* renderTable<CompareRow>(
    [
      { title: '', align: 'right', cell: ({ a }) => sideSize(a) },
      { title: '', cell: rowGlyph, paint: () => paintFor(state, look) },
      { title: '', align: 'right', cell: ({ b }) => sideSize(b) },
      { title: '', cell: ({ relPath }) => relPath, shrinks: true },
      { title: '', cell: (row) => remark(row, report), shrinks: true, paint: () => look.dim },
    ],
    rows,
    look,
  );
  if (rows.length < total) yield look.dim(`… and ${formatCount(total - rows.length)} more`);
}

function rowGlyph({ state, movedTo, movedFrom }: CompareRow): string {
  return movedTo === undefined && movedFrom === undefined ? glyphs[state] : glyphs.moved;
}

function sideSize(side: RowSide | null): string {
  if (side === null) return '—';
  return side.kind === 'folder' ? 'folder' : formatBytes(side.size);
}

/** What glyph, sizes and path leave open. */
function remark(
  { relPath, state, a, b, movedTo, movedFrom, elsewhere }: CompareRow,
  { a: nameA, b: nameB }: DiffReport,
): string {
  if (movedTo !== undefined) return `on ${nameB} as ${movedTo}`;
  if (movedFrom !== undefined) return `on ${nameA} as ${movedFrom}`;
  const other = a === null ? nameA : nameB;
  if (elsewhere !== undefined && elsewhere[0] !== undefined) return `same content on ${other}: ${elsewhere[0]}`;
  if (state === 'conflict' && a?.kind === b?.kind && a && b) return sizeDifference(a.size - b.size, nameA, nameB);
  const otherName = [a?.relPath, b?.relPath].find((path) => path !== undefined && path !== relPath);
  return otherName === undefined ? '' : `also ${otherName}`;
}

function sizeDifference(difference: number, nameA: string, nameB: string): string {
  if (difference === 0) return 'same size, other content';
  return `${formatBytes(Math.abs(difference))} larger on ${difference > 0 ? nameA : nameB}`;
}

function asProblem({ location, relPath, message }: HashRun['failed'][number]): Problem {
  return { location, relPath, code: 'IO_FAILED', message, hint: null };
}
