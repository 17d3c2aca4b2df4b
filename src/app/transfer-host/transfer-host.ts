import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { serveSync } from '../../platform/filesystem/syncs-beside.ts';
import { createBlockRing } from '../../platform/hash-workers/block-ring.ts';
import { type FromTransferHost, rootsOf, type ToTransferHost } from '../../platform/processes/transfer-protocol.ts';
import { entryPath } from '../entry-path.ts';
import type { FromCopyThread } from './copy-work.ts';
import { type GatheredReports, gatherReports } from './gather-reports.ts';
import { createControlWords, markCancelled, readPosition, setPaused } from './transfer-control.ts';

const aliveEveryMs = 500;

interface Run {
  readonly locations: readonly string[];
  readonly reports: GatheredReports;
}

/**
 * Answers the messages of `transfer-protocol.ts`. Orders are carried out by a thread that blocks on drives, hashing is
 * done by another, and syncs by libuv's pool, for which nobody here waits; this one only speaks, so it hears of a cancel and of the end of the program at any time.
 */
export function startTransferHost(say: (message: FromTransferHost) => void): (message: ToTransferHost) => void {
  const control = createControlWords();
  const ring = availableParallelism() > 1 ? createBlockRing() : null;
  const runs = new Map<number, Run>();
  const copying = startThread('copy-thread', { control, ring });
  if (ring) startThread('block-hash-thread', { ring });
  let told = readPosition(control).pulse;

  function tellPosition(): void {
    const { pulse, run, location, isFlushing } = readPosition(control);
    if (pulse === told) return;
    told = pulse;
    say({ type: 'alive', id: run, location: runs.get(run)?.locations[location] ?? '', isFlushing });
  }

  function receive(message: FromCopyThread): void {
    if (message.type === 'ready') return say(message);
    if (message.type === 'sync') return serveSync(message);
    const run = runs.get(message.id);
    if (message.type === 'report') return run?.reports.add(message.report);
    run?.reports.flush();
    runs.delete(message.id);
    say(message);
  }

  copying.on('message', receive);
  setInterval(tellPosition, aliveEveryMs);
  return (message) => {
    switch (message.op) {
      case 'run': {
        const { id, orders } = message;
        const reports = gatherReports((some) => say({ type: 'reports', id, reports: some }));
        runs.set(id, { locations: [...rootsOf(orders).keys()], reports });
        return copying.postMessage({ id, orders });
      }
      case 'cancel':
        return markCancelled(control, message.id);
      case 'pause':
        return setPaused(control, message.paused);
    }
  };
}

/** Whatever a thread cannot deal with ends the process, and with it the run: a half of it would wait for the other. */
function startThread(name: 'copy-thread' | 'block-hash-thread', workerData: object): Worker {
  const worker = new Worker(entryPath(name), {
    workerData,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  worker.on('error', endAtOnce);
  worker.on('exit', endAtOnce);
  return worker;
}

/** Nothing is waited for: a thread may be held by a drive that never answers. What is unfinished is gone on with later. */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
