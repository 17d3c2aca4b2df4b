import type { DedupeScan } from '../../contract/dedupe.ts';
import type { DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import { createThrottle } from '../../core/events/throttle.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import { keptScans } from '../../core/ports/catalog-store.ts';
import type { DedupePorts } from './dedupe-ports.ts';
import { findVariants, type Variant } from './find-variants.ts';
import { FoundGroups } from './found-groups.ts';
import { runScan, type ScanWish } from './run-scan.ts';
import { ScanProgress } from './scan-progress.ts';
import { loadGroups, loadScans, type StoredScan, saveGroups, saveScan } from './stored-scans.ts';

/** A scan with what it found so far. */
export interface ScanWithGroups {
  readonly scan: DedupeScan;
  readonly roots?: Readonly<Record<string, string>>;
  readonly minBytes: number;
  readonly variants: readonly Variant[];
  readonly groups: readonly DuplicateGroup[];
}

export interface Scans {
  /** Asking for what already runs joins that run. `ended` rejects with what stopped the scan. */
  start(wish: ScanWish): Promise<{ readonly scanId: string; readonly ended: Promise<void> }>;
  /** @throws AppError SCAN_NOT_FOUND */
  describe(scanId: string): Promise<DedupeScan>;
  /** Newest first. */
  list(): Promise<readonly DedupeScan[]>;
  /** @throws AppError SCAN_NOT_FOUND */
  open(scanId: string): Promise<ScanWithGroups>;
  cancel(scanId: string): Promise<void>;
  /** Resolves when it has ended. Rejects with what stopped it, if that was in this run of the program. */
  wait(scanId: string): Promise<void>;
}

interface Running {
  readonly wish: ScanWish;
  readonly found: FoundGroups;
  readonly stop: AbortController;
  readonly describe: () => DedupeScan;
  ended: Promise<void>;
}

/** Groups of so many scans stay in memory. */
const mostOpen = 2;
const newestFirst = (x: DedupeScan, y: DedupeScan): number => y.createdMs - x.createdMs;

export function createScans(ports: DedupePorts): Scans {
  const { catalog, clock, events } = ports;
  const running = new Map<string, Running>();
  const opened = new Map<string, ScanWithGroups>();
  /** What stopped scans of this program, for whoever asks a moment later. */
  const failures = new Map<string, AppError>();
  let stored: Promise<Map<string, StoredScan>> | null = null;

  /** What ran when the program ended can't go on. */
  function ended(): Promise<Map<string, StoredScan>> {
    stored ??= loadScans(catalog).then(
      (scans) => new Map(scans.map((one) => [one.scan.scanId, { ...one, scan: asStale(one.scan) }])),
    );
    return stored;
  }

  async function find(scanId: string): Promise<StoredScan> {
    const there = (await ended()).get(scanId);
    if (there) return there;
    throw new AppError('SCAN_NOT_FOUND', `There is no scan for duplicates named ${scanId}.`, {
      hint: 'The newest 20 are kept; scan again.',
    });
  }

  function keepOpen(scanId: string, open: ScanWithGroups): ScanWithGroups {
    opened.delete(scanId);
    opened.set(scanId, open);
    for (const old of opened.keys()) if (opened.size > mostOpen) opened.delete(old);
    return open;
  }

  async function keep(one: StoredScan, groups: readonly DuplicateGroup[]): Promise<void> {
    const scans = await ended();
    scans.set(one.scan.scanId, one);
    const old = [...scans.values()].map(({ scan }) => scan).sort(newestFirst);
    for (const { scanId } of old.slice(keptScans)) scans.delete(scanId);
    keepOpen(one.scan.scanId, { ...one, groups });
    running.delete(one.scan.scanId);
    const parts = await saveGroups(one.scan, groups, ports);
    const complete = { ...one, parts };
    if (scans.has(one.scan.scanId)) scans.set(one.scan.scanId, complete);
    await saveScan(complete, catalog);
  }

  async function start(wish: ScanWish): Promise<{ scanId: string; ended: Promise<void> }> {
    for (const [scanId, run] of running) if (isSameWish(run.wish, wish)) return { scanId, ended: run.ended };
    const scanId = ports.newId();
    const progress = new ScanProgress(clock);
    const found = new FoundGroups();
    const stop = ports.createAbort();
    const startedAt = clock.monotonicMs();
    const roots = Object.fromEntries(wish.sides.map(({ definition }) => [definition.id, definition.path]));
    const fresh = freshScan(scanId, wish, clock.nowMs());
    const describe = (): DedupeScan => ({
      ...fresh,
      ...progress.describe(),
      summary: {
        ...found.summary(),
        bytesRead: progress.bytesRead,
        elapsedMs: clock.monotonicMs() - startedAt,
      },
      sharedFiles: progress.shared,
      unreadable: progress.unreadable,
    });
    const throttle = createThrottle(clock, 100);
    const options = {
      progress,
      signal: stop.signal,
      onGroup: (group: DuplicateGroup) => found.add(group),
      onProgress: () => throttle(() => events.publish('dedupe.progressed', describe())),
    };
    const run: Running = { wish, found, stop, describe, ended: Promise.resolve() };
    running.set(scanId, run);
    saveScan({ scan: describe(), roots, minBytes: wish.minBytes, variants: [], parts: 0 }, catalog).catch(() => {});

    async function finish(variants: readonly Variant[], thrown: unknown): Promise<void> {
      const error = thrown === null ? null : toAppError(thrown);
      const state = error === null ? 'done' : error.code === 'CANCELLED' ? 'cancelled' : 'failed';
      progress.begin(null);
      const groups = found.list();
      const message = state === 'failed' ? (error?.message ?? null) : null;
      const scan: DedupeScan = { ...describe(), state, message, finishedMs: clock.nowMs() };
      await keep({ scan, roots, minBytes: wish.minBytes, variants, parts: 0 }, groups);
      events.publish('dedupe.finished', scan);
      if (state !== 'failed' || error === null) return;
      failures.set(scanId, error);
      throw error;
    }

    const work = async (): Promise<readonly Variant[]> => {
      await runScan(wish, options, ports);
      return wish.variants ? findVariants(wish, options, ports) : [];
    };
    run.ended = work().then(
      (variants) => finish(variants, null),
      (thrown: unknown) => finish([], thrown ?? null),
    );
    run.ended.catch(() => {});
    return { scanId, ended: run.ended };
  }

  return {
    start,
    async describe(scanId) {
      return running.get(scanId)?.describe() ?? (await find(scanId)).scan;
    },
    async list() {
      const now = [...running.values()].map(({ describe }) => describe());
      const before = [...(await ended()).values()].map(({ scan }) => scan);
      return [...now, ...before.filter(({ scanId }) => !running.has(scanId))].sort(newestFirst);
    },
    async open(scanId) {
      const run = running.get(scanId);
      if (run) {
        return { scan: run.describe(), minBytes: run.wish.minBytes, variants: [], groups: run.found.list() };
      }
      const one = await find(scanId);
      const there = opened.get(scanId);
      return keepOpen(scanId, there ?? { ...one, groups: await loadGroups(one, ports) });
    },
    async cancel(scanId) {
      const run = running.get(scanId);
      if (!run) return void (await find(scanId));
      run.stop.abort();
      await run.ended.catch(() => {});
    },
    async wait(scanId) {
      const run = running.get(scanId);
      if (run) return run.ended;
      const failure = failures.get(scanId);
      if (failure) throw failure;
      await find(scanId);
    },
  };
}

function asStale(scan: DedupeScan): DedupeScan {
  if (scan.state !== 'running') return scan;
  return { ...scan, state: 'stale', stage: null, message: 'The program ended before this scan did. Scan again.' };
}

function isSameWish(x: ScanWish, y: ScanWish): boolean {
  return (
    x.folder === y.folder &&
    x.minBytes === y.minBytes &&
    x.variants === y.variants &&
    x.sides.length === y.sides.length &&
    x.sides.every((side, k) => side === y.sides[k])
  );
}

function freshScan(scanId: string, { sides, folder }: ScanWish, createdMs: number): DedupeScan {
  return {
    scanId,
    sides: sides.map(({ definition }) => definition.id),
    folder,
    state: 'running',
    stage: null,
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    bytesPerSecond: 0,
    etaSeconds: null,
    summary: { groups: 0, redundantFiles: 0, reclaimableBytes: 0, bytesRead: 0, elapsedMs: 0 },
    sharedFiles: 0,
    unreadable: 0,
    message: null,
    createdMs,
    finishedMs: null,
  };
}
