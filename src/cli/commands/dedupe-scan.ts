import type { DedupeGroup, DedupeScan } from '../../contract/dedupe.ts';
import type { Problem } from '../../contract/indexing.ts';
import { cancelled } from '../../core/errors/app-error.ts';
import type { Engine } from '../cli-host.ts';
import type { Session } from '../command.ts';
import { followScan } from '../output/dedupe-progress.ts';
import { pagesOf } from '../output/pages.ts';
import { folderIn } from '../rel-paths-in.ts';
import { isFailure, listAllProblems } from './refresh-outcome.ts';

export interface ScanRequest {
  readonly side: readonly string[];
  readonly folder: string;
  readonly minBytes: number;
  readonly variants: boolean;
}

const pageSize = 1000;

/** Scans and waits. Ctrl+C cancels the scan, also where a server carries it out. */
export async function runScan(
  { side, folder, minBytes, variants }: ScanRequest,
  session: Session,
): Promise<{ readonly scan: DedupeScan; readonly failures: readonly Problem[] }> {
  const engine = await session.engine({ willRead: true });
  const sides = [...new Set(side)];
  const input = { sides, folder: await folderIn(sides, folder, session), minBytes, variants };
  const { scanId } = await engine.api.scanDuplicates(input, { signal: session.signal });
  const cancel = (): void => {
    engine.api.cancelDuplicateScan({ scanId }).catch(() => {});
  };
  session.signal.addEventListener('abort', cancel, { once: true });
  if (session.signal.aborted) cancel();
  try {
    const scan = await followScan(engine, session.progress, scanId, () => endOf(scanId, engine));
    if (scan.state === 'cancelled') throw cancelled('The scan');
    const problems = await listAllProblems(engine.api, input.sides, session.signal);
    return { scan, failures: problems.filter(isFailure) };
  } finally {
    session.signal.removeEventListener('abort', cancel);
  }
}

function endOf(scanId: string, { api }: Engine): Promise<DedupeScan> {
  return api.waitForDuplicateScan({ scanId });
}

export async function readScan(scanId: string, session: Session): Promise<DedupeScan> {
  const { api } = await session.engine();
  return (await api.duplicates({ scanId, limit: 0 })).scan;
}

/** Groups in the order of the scan. */
export async function* groupPages(scanId: string, session: Session): AsyncIterable<readonly DedupeGroup[]> {
  const { api } = await session.engine();
  const pages = pagesOf((cursor) => api.duplicates({ scanId, cursor, limit: pageSize }, { signal: session.signal }));
  for await (const { groups } of pages) yield groups;
}

export async function firstGroups(scanId: string, most: number, session: Session): Promise<readonly DedupeGroup[]> {
  const first: DedupeGroup[] = [];
  if (most === 0) return first;
  for await (const groups of groupPages(scanId, session)) {
    first.push(...groups);
    if (first.length >= most) break;
  }
  return first.slice(0, most);
}
