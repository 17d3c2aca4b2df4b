import { Worker } from 'node:worker_threads';
import { serveSync } from '../../platform/filesystem/syncs-beside.ts';
import type { BlockRing } from '../../platform/hash-workers/block-ring.ts';
import { entryPath } from '../entry-path.ts';
import type { FromCopyThread, ToCopyThread } from './copy-work.ts';
import {
  type ControlWords,
  type CopyPosition,
  createControlWords,
  markCancelled,
  readPosition,
  setPaused,
} from './transfer-control.ts';

/** What a thread says that is not about itself. */
export type FromThreads = Extract<FromCopyThread, { type: 'ready' | 'report' | 'failed' }> | { readonly type: 'free' };

export interface CopyThreadsOptions {
  /** Carries the blocks of the first thread to the one that hashes; the others hash for themselves. */
  readonly ring: BlockRing | null;
  readonly say: (message: FromThreads) => void;
}

/** Where the threads are, taken together. */
export interface ThreadsPosition {
  readonly run: number;
  readonly location: number;
  readonly isFlushing: boolean;
}

/** The threads of a transfer process that read, write and change files. All but the first start when they are needed. */
export class CopyThreads {
  private readonly options: CopyThreadsOptions;
  private readonly threads: CopyThread[] = [];
  private isPaused = false;

  constructor(options: CopyThreadsOptions) {
    this.options = options;
    this.start();
  }

  get areIdle(): boolean {
    return this.threads.every(({ isIdle }) => isIdle);
  }

  /** false: nobody of the first `width` takes more at the moment; `free` is said when that has changed. */
  give(piece: ToCopyThread, width: number): boolean {
    const some = this.threads.slice(0, width);
    const thread =
      some.find(({ isIdle }) => isIdle) ??
      some.find(({ takesMore }) => takesMore) ??
      // Starting one takes as long as copying a hundred small files.
      (some.length < width ? this.start() : undefined);
    thread?.give(piece);
    return thread !== undefined;
  }

  pause(paused: boolean): void {
    this.isPaused = paused;
    for (const { control } of this.threads) setPaused(control, paused);
  }

  cancel(run: number): void {
    for (const { control } of this.threads) markCancelled(control, run);
  }

  /**
   * What one that has not moved for the longest time is at: who is silent in the end is at a drive that is. null: nothing
   * has moved since the last call.
   */
  movedTo(): ThreadsPosition | null {
    const moved = this.threads.map((thread) => thread.look());
    if (!moved.includes(true)) return null;
    const busy = this.threads.filter(({ position }) => position.run !== 0 && position.location >= 0);
    const [last] = busy.sort((one, other) => one.movedAt - other.movedAt);
    const { run, location } = last?.position ?? { run: 0, location: -1 };
    return { run, location, isFlushing: busy.some(({ position }) => position.isFlushing) };
  }

  private start(): CopyThread {
    const { ring, say } = this.options;
    const thread = new CopyThread(this.threads.length === 0 ? ring : null, say);
    setPaused(thread.control, this.isPaused);
    this.threads.push(thread);
    return thread;
  }
}

class CopyThread {
  readonly control: ControlWords = createControlWords();
  position: CopyPosition = readPosition(this.control);
  movedAt = 0;
  private readonly worker: Worker;
  private given = 0;
  private taken = 0;
  private hasEnded = true;

  constructor(ring: BlockRing | null, say: (message: FromThreads) => void) {
    this.worker = startThread('copy-thread', { control: this.control, ring });
    this.worker.on('message', (message: FromCopyThread) => {
      if (message.type === 'sync') return serveSync(message);
      if (message.type === 'took') this.taken += 1;
      if (message.type === 'idle' || message.type === 'failed') this.hasEnded = true;
      say(message.type === 'took' || message.type === 'idle' ? { type: 'free' } : message);
    });
  }

  get isIdle(): boolean {
    return this.hasEnded && this.takesMore;
  }

  /** One piece waits at most, so that all threads end at about the same time. */
  get takesMore(): boolean {
    return this.given === this.taken;
  }

  give(piece: ToCopyThread): void {
    this.given += 1;
    this.hasEnded = false;
    this.worker.postMessage(piece);
  }

  look(): boolean {
    const before = this.position.pulse;
    this.position = readPosition(this.control);
    if (this.position.pulse === before) return false;
    this.movedAt = performance.now();
    return true;
  }
}

/** Whatever a thread cannot deal with ends the process, and with it the run: a half of it would wait for the other. */
export function startThread(name: 'copy-thread' | 'block-hash-thread', workerData: object): Worker {
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
