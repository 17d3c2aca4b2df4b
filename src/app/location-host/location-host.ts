import { availableParallelism } from 'node:os';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { absolutePath, type FolderScan, type ScanContext, scanFolder } from '../../core/catalog/scan-folder.ts';
import { closeScan, FolderQueue, openScan, toBatch } from '../../core/catalog/scan-tree.ts';
import { cancelled, toAppError } from '../../core/errors/app-error.ts';
import { readHeader } from '../../core/headers/read-header.ts';
import { probeRoot } from '../../core/locations/probe-root.ts';
import type { HashTarget } from '../../core/ports/location-files.ts';
import { createGlobMatcher } from '../../platform/filesystem/glob-matcher.ts';
import { createNodeRawFileSystem } from '../../platform/filesystem/node-raw-file-system.ts';
import type { FromHost, ToHost } from '../../platform/processes/host-protocol.ts';
import { packBatch } from '../../platform/processes/packed-batch.ts';
import { entryPath } from '../entry-path.ts';
import { createIoThreads } from './io-threads.ts';
import { isCancelled, markCancelled, pausedWord } from './io-work.ts';
import { inSampleShares } from './sample-work.ts';
import { withSignsOfLife } from './signs-of-life.ts';
import { createWaitMeter } from './wait-meter.ts';

type ScanMessage = Extract<ToHost, { op: 'scan' }>;
type HashMessage = Extract<ToHost, { op: 'hash' }>;
type SampleMessage = Extract<ToHost, { op: 'sample' }>;

/** Folders that one message to a thread covers. */
const foldersPerMessage = 64;
/** Longest time this process reads folders before it looks at its messages. */
const turnMs = 4;
/** Batches go to the program when they hold this many folders or are this old. */
const foldersPerBatch = 96;
const batchAgeMs = 60;
/** A thread gets so many files, or so many bytes, at a time: small enough to share fairly, large enough to be cheap. */
const filesPerShare = 64;
const bytesPerShare = 64 * 1024 * 1024;

/**
 * Answers the messages of `host-protocol.ts`, of which the first names the folder. Returns what to call with each.
 * `threadsAhead`: so many threads are going to be needed, and start at once.
 */
export function startLocationHost(say: (message: FromHost) => void, threadsAhead: number) {
  let root = '';
  const sayAlive = (): void => say({ type: 'alive' });
  const fs = withSignsOfLife(createNodeRawFileSystem(), { say: sayAlive, monotonicMs: () => performance.now() });
  const threads = createIoThreads(entryPath('io-thread'), sayAlive);
  threads.start(threadsAhead);

  async function scan({ id, request }: ScanMessage): Promise<void> {
    const context = openScan(fs, root, request.folder, createGlobMatcher(request.ignoreGlobs));
    const rootFileId = fs.stat(root).fileId;
    const queue = new FolderQueue(request);
    let ready: FolderScan[] = [];
    let sentAt = performance.now();
    const flush = (): void => {
      if (ready.length > 0) say({ type: 'batch', id, batch: packBatch(toBatch(ready, queue.length)) });
      ready = [];
      sentAt = performance.now();
    };
    const keep = (scans: readonly FolderScan[]): void => {
      queue.add(scans);
      ready.push(...scans);
      if (ready.length >= foldersPerBatch || performance.now() - sentAt > batchAgeMs) flush();
    };
    const helpers: Promise<void>[] = [];
    const readWith = (threadCount: number): void => {
      while (helpers.length + 1 < Math.min(threadCount, request.threads))
        helpers.push(scanOnThread(context, request.ignoreGlobs, id, queue, keep, request.threads - 1));
    };
    readWith(Math.floor(availableParallelism() / request.atOnce));
    const waits = createWaitMeter();
    await scanHere(context, id, queue, keep, () => {
      if (waits.isDriveSlow()) readWith(request.threads);
    });
    await Promise.all(helpers);
    if (isCancelled(threads.control, id)) throw cancelled('The refresh');
    flush();
    say({ type: 'scanned', id, end: closeScan(context, rootFileId) });
  }

  let inFlight = 0;

  async function scanHere(
    context: ScanContext,
    id: number,
    queue: FolderQueue,
    keep: (scans: FolderScan[]) => void,
    afterTurn: () => void,
  ): Promise<void> {
    while ((queue.length > 0 || inFlight > 0) && !isCancelled(threads.control, id)) {
      const turnEnds = performance.now() + turnMs;
      do {
        keep(queue.take(1).map((folder) => scanFolder(context, folder)));
      } while (queue.length > 0 && performance.now() < turnEnds);
      afterTurn();
      // Lets results of the threads and messages of the program in.
      await (queue.length > 0 ? nextTurn() : delay(1));
    }
  }

  async function scanOnThread(
    { realRoot, rootDevice }: ScanContext,
    ignoreGlobs: readonly string[],
    id: number,
    queue: FolderQueue,
    keep: (scans: readonly FolderScan[]) => void,
    limit: number,
  ): Promise<void> {
    while ((queue.length > 0 || inFlight > 0) && !isCancelled(threads.control, id)) {
      const folders = queue.length > 1 ? queue.take(Math.min(foldersPerMessage, queue.length >> 1)) : [];
      if (folders.length === 0) {
        await delay(1);
        if (queue.length === 0 && inFlight === 0) return;
        continue;
      }
      inFlight += 1;
      try {
        await threads.run(
          { op: 'scan', id, scan: { root, realRoot, rootDevice, ignoreGlobs }, folders },
          limit,
          (message) => {
            if (message.type === 'scanned') keep(message.scans);
          },
        );
      } finally {
        inFlight -= 1;
      }
    }
  }

  async function hash({ id, request }: HashMessage): Promise<void> {
    const realRoot = fs.realPath(root);
    const shares = [...inShares(request.targets)];
    await Promise.all(
      shares.map((targets) =>
        threads.run({ op: 'hash', id, root, realRoot, sha256: request.sha256, targets }, request.threads, (message) => {
          if (message.type === 'results') say({ type: 'results', id, results: message.results });
        }),
      ),
    );
    if (isCancelled(threads.control, id)) throw cancelled('Hashing');
    say({ type: 'hashed', id });
  }

  async function sample({ id, request }: SampleMessage): Promise<void> {
    const realRoot = fs.realPath(root);
    await Promise.all(
      [...inSampleShares(request.targets)].map((share) =>
        threads.run({ op: 'sample', id, root, realRoot, ...share }, request.threads, (message) => {
          if (message.type === 'samples') say({ type: 'samples', id, results: message.results });
        }),
      ),
    );
    if (isCancelled(threads.control, id)) throw cancelled('Sampling');
    say({ type: 'sampled', id });
  }

  async function answer(message: ToHost): Promise<void> {
    switch (message.op) {
      case 'begin':
        root = message.root;
        return say({ type: 'ready' });
      case 'probe':
        return say({ type: 'probed', id: message.id, facts: probeRoot(fs, root) });
      case 'scan':
        return scan(message);
      case 'hash':
        return hash(message);
      case 'sample':
        return sample(message);
      case 'read-header': {
        const path = absolutePath({ fs, root }, message.relPath);
        return say({ type: 'header', id: message.id, header: readHeader(path, { fs, realRoot: fs.realPath(root) }) });
      }
      case 'cancel':
        return markCancelled(threads.control, message.id);
      case 'pause-hashing':
        Atomics.store(threads.control, pausedWord, message.paused ? 1 : 0);
        if (!message.paused) Atomics.notify(threads.control, pausedWord);
    }
  }

  return (message: ToHost): void => {
    answer(message).catch((thrown: unknown) => {
      if ('id' in message) say({ type: 'failed', id: message.id, error: toAppError(thrown).toBody().error });
    });
  };
}

function* inShares(targets: readonly HashTarget[]): Generator<HashTarget[]> {
  let share: HashTarget[] = [];
  let bytes = 0;
  for (const target of targets) {
    if (share.length >= filesPerShare || (share.length > 0 && bytes + target.size > bytesPerShare)) {
      yield share;
      share = [];
      bytes = 0;
    }
    share.push(target);
    bytes += target.size;
  }
  if (share.length > 0) yield share;
}
