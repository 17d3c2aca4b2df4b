import type { DedupeGroup, DedupeScan } from '../../contract/dedupe.ts';
import type { Problem } from '../../contract/indexing.ts';
import type { JsonDocument } from '../command.ts';
import { formatBytes, formatCount, formatDuration, formatTime, plural } from './format.ts';
import { jsonWithList } from './json-stream.ts';
import type { Look } from './look.ts';
import { problemLines } from './problem-lines.ts';
import { renderTable } from './table.ts';
import { printable } from './width.ts';

export interface ScanReport {
  readonly scan: DedupeScan;
  readonly failures: readonly Problem[];
  /** For people. */
  readonly first: readonly DedupeGroup[];
  /** All of them, for scripts; null: not asked for. */
  readonly pages: AsyncIterable<readonly DedupeGroup[]> | null;
}

/** The document that the reference promises to scripts; keys are only ever added. */
export function scanJson({ scan, failures, pages }: ScanReport): JsonDocument {
  const { scanId, sides, folder, state, summary, sharedFiles, unreadable } = scan;
  const head = { scanId, sides, folder, state, summary, sharedFiles, unreadable, problems: failures };
  if (pages === null) return { value: head };
  return { pieces: jsonWithList({ head, list: 'groups', pages: groupItems(pages) }) };
}

async function* groupItems(pages: AsyncIterable<readonly DedupeGroup[]>): AsyncIterable<readonly unknown[]> {
  for await (const groups of pages) yield groups.map(groupItem);
}

/** `sameFileAs` is the relPath of the first name of the same file; its location only where it is another one. */
function groupItem({ blake3, size, reclaimableBytes, files }: DedupeGroup) {
  return {
    blake3,
    size,
    reclaimableBytes,
    files: files.map(({ location, relPath, mtimeMs, links, sidecars, sameFileAs }) => {
      const first = files.find((file) => sameFileAs === `${file.location}:${file.relPath}`);
      return {
        location,
        relPath,
        mtimeMs,
        links,
        sidecars,
        ...(first ? { sameFileAs: first.relPath } : {}),
        ...(first && first.location !== location ? { sameFileAsLocation: first.location } : {}),
      };
    }),
  };
}

export function* scanLines(report: ScanReport, look: Look): Iterable<string> {
  const { scan, failures } = report;
  const { summary, sharedFiles, unreadable } = scan;
  yield* totalLines(scan, look);
  if (sharedFiles > 0)
    yield look.dim(`${plural(sharedFiles, 'name')} of files with several names; they take no space.`);
  yield look.dim(`${formatBytes(summary.bytesRead)} read in ${formatDuration(summary.elapsedMs)}.`);
  if (unreadable > 0) yield look.yellow(`${plural(unreadable, 'file')} could not be read, or changed meanwhile.`);
  yield* problemLines(failures, look);
  yield* listed(report, look);
  if (summary.groups > 0) {
    yield '';
    yield `What would go: weightroom dedupe apply ${scan.scanId} --rule shortest-path --dry-run`;
  }
}

export function* groupLines(report: ScanReport, look: Look): Iterable<string> {
  if (report.scan.message !== null) yield look.yellow(report.scan.message);
  yield* totalLines(report.scan, look);
  yield* listed(report, look);
}

function* totalLines({ scanId, sides, summary }: DedupeScan, look: Look): Iterable<string> {
  const where = sides.join(', ');
  if (summary.groups === 0) return yield `No duplicates on ${where}.`;
  yield look.bold(
    `${plural(summary.groups, 'group')} on ${where}: ${plural(summary.redundantFiles, 'file')} too many, ` +
      `${formatBytes(summary.reclaimableBytes)} to reclaim. Scan ${scanId}.`,
  );
}

function* listed({ scan, first }: ScanReport, look: Look): Iterable<string> {
  for (const { size, reclaimableBytes, files } of first) {
    yield '';
    yield `${formatBytes(reclaimableBytes)} to reclaim  ${look.dim(`${files.length} × ${formatBytes(size)}`)}`;
    for (const { location, relPath, sameFileAs } of files) {
      const where = scan.sides.length > 1 ? `${location}:` : '';
      yield `  ${printable(where + relPath)}${sameFileAs === undefined ? '' : look.dim('  same file, frees nothing')}`;
    }
  }
  const left = scan.summary.groups - first.length;
  if (first.length > 0 && left > 0) yield look.dim(`\n… and ${plural(left, 'group')} more.`);
}

export function* scansTable(scans: readonly DedupeScan[], look: Look): Iterable<string> {
  if (scans.length === 0) return yield 'Nothing has been scanned for duplicates yet: weightroom dedupe scan';
  yield* renderTable<DedupeScan>(
    [
      { title: 'scan', cell: ({ scanId }) => scanId },
      { title: 'when', cell: ({ createdMs }) => formatTime(createdMs) },
      { title: 'state', cell: ({ state }) => state },
      {
        title: 'where',
        cell: ({ sides, folder }) => `${sides.join(', ')}${folder === '' ? '' : `: ${folder}`}`,
        shrinks: true,
      },
      { title: 'groups', align: 'right', cell: ({ summary }) => formatCount(summary.groups) },
      { title: 'to reclaim', align: 'right', cell: ({ summary }) => formatBytes(summary.reclaimableBytes) },
    ],
    scans,
    look,
  );
}
