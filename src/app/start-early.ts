import { startProcessEarly, startThreadEarly } from '../platform/processes/early-starts.ts';
import { entryPath } from './entry-path.ts';

/** Commands that work with locations, by their first word. */
const withCatalog: ReadonlySet<string> = new Set([
  ...['serve', 'index', 'diff', 'dedupe', 'copy', 'move', 'delete', 'mirror', 'queue', 'location'],
]);
/** Those that carry something out. */
const withJournal: ReadonlySet<string> = new Set(['serve', 'copy', 'move', 'delete', 'mirror', 'queue']);
/** Those that read one first of all, and how many threads that takes: hashing needs some, listing folders mostly none. */
const readers: Readonly<Record<string, number>> = { 'index refresh': 0, diff: 0, 'mirror plan': 0, 'dedupe scan': 2 };

/** Starts what a command line is going to need. Wrongly guessed, it costs a little time of another processor. */
export function startEarly(words: readonly string[]): void {
  if (words.includes('--help') || words.includes('-h')) return;
  try {
    startFor(words);
  } catch {
    // Too many files are open, say: whoever needs it tries again, and tells.
  }
}

function startFor([first = '', second = '']: readonly string[]): void {
  if (!withCatalog.has(first)) return;
  startThreadEarly(entryPath('catalog-thread'));
  if (withJournal.has(first)) startThreadEarly(entryPath('journal-thread'));
  const threads = readers[first] ?? readers[`${first} ${second}`];
  if (threads !== undefined) startProcessEarly(entryPath('location-host'), [String(threads)]);
}
