import type { ChangingFileSystem } from '../../src/core/ports/changing-file-system.ts';
import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import type { DedupeOrder, FilePlace, TransferReport } from '../../src/core/ports/transfer-files.ts';
import { blake3Of, bytesOf, codeOf, digestOf, factsOf, isPart, pathOf, type RunOptions, run } from './transfer-lab.ts';

let orders = 0;

/** The victim as the index would plan it now, with its keeper. */
export function dedupeOf(
  fs: RawFileSystem,
  at: FilePlace,
  keeper: FilePlace,
  options: Partial<DedupeOrder> = {},
): DedupeOrder {
  orders += 1;
  const expected = options.expected ?? factsOf(fs, at);
  return {
    op: 'dedupe',
    n: orders,
    at,
    expected,
    keeper,
    keeperExpected: options.keeperExpected ?? factsOf(fs, keeper),
    blake3: options.blake3 ?? blake3Of(fs, pathOf(keeper)),
    check: 'hash',
    hashedAfterMs: 0,
    action: 'delete',
    frees: expected.size,
    tag: 'task1234',
    isResumed: false,
    ...options,
  };
}

/** Places that hold a content under a final name, by content. */
export type Contents = ReadonlyMap<string, readonly string[]>;

export function finalContents(fs: RawFileSystem, roots: readonly string[]): Contents {
  const found = new Map<string, string[]>();
  for (const root of roots) {
    for (const path of filesBelow(fs, root)) {
      if (isPart(path)) continue;
      const content = contentOf(fs, path);
      found.set(content, [...(found.get(content) ?? []), path].sort());
    }
  }
  return found;
}

function filesBelow(fs: RawFileSystem, folder: string): string[] {
  return fs.list(folder).flatMap(({ name, kind }) => {
    const path = `${folder}/${name}`;
    return kind === 'folder' ? filesBelow(fs, path) : kind === 'file' ? [path] : [];
  });
}

/** What nobody can read is told apart by its id. */
function contentOf(fs: RawFileSystem, path: string): string {
  try {
    return digestOf(bytesOf(fs, path));
  } catch (thrown) {
    if (codeOf(thrown) === 'ACCESS_DENIED') return `unreadable ${fs.lstat(path).fileId}`;
    throw thrown;
  }
}

/** Contents that were there before and are nowhere under a final name now. */
export function lostContents(before: Contents, after: Contents): readonly string[] {
  return [...before].flatMap(([content, places]) => (after.has(content) ? [] : [`${content} of ${places.join(', ')}`]));
}

export function leaked(fs: RawFileSystem, roots: readonly string[]): readonly string[] {
  return roots.flatMap((root) => filesBelow(fs, root).filter(isPart));
}

export interface DedupeOutcome {
  readonly done: readonly Extract<TransferReport, { type: 'done' }>[];
  readonly failed: readonly Extract<TransferReport, { type: 'failed' }>[];
  readonly thrown: unknown;
  readonly freedBytes: number;
}

export function runDedupe(
  fs: ChangingFileSystem,
  given: readonly DedupeOrder[],
  options: RunOptions = {},
): DedupeOutcome {
  const { reports, thrown } = run(fs, given, options);
  const done = reports.filter((report) => report.type === 'done');
  const failed = reports.filter((report) => report.type === 'failed');
  return { done, failed, thrown, freedBytes: done.reduce((sum, report) => sum + (report.freedBytes ?? 0), 0) };
}
