import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/errors/app-error.ts';
import { type ControlWords, createControlWords, type FromIoThread, type ToIoThread } from './io-work.ts';

/** Threads of one I/O process, started when first needed. Each takes one piece of work at a time. */
export interface IoThreads {
  readonly control: ControlWords;
  /** So many more threads wait for work. */
  start(count: number): void;
  /** Runs the work on a free or a new thread; waits while `limit` threads do work of this kind. */
  run(work: ToIoThread, limit: number, onMessage: (message: FromIoThread) => void): Promise<void>;
}

interface Job {
  readonly work: ToIoThread;
  /** Most threads that may do this kind of work at once. */
  readonly limit: number;
  readonly onMessage: (message: FromIoThread) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
}

/** @param onAlive Called when a thread says that its drive is slow but answers. */
export function createIoThreads(entry: string, onAlive: () => void): IoThreads {
  const control = createControlWords();
  const idle: Thread[] = [];
  let waiting: Job[] = [];
  /** Hashing that is paused holds its threads; listing folders must not wait for them. */
  const running = { scan: 0, hash: 0, sample: 0 };

  function startThread(): Thread {
    const thread: Thread = {
      worker: new Worker(entry, {
        workerData: { control },
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: 8 },
      }),
      job: null,
    };
    thread.worker.on('message', (message: FromIoThread) => receive(thread, message));
    thread.worker.on('error', (error: Error) => {
      const { job } = thread;
      if (job === null) return;
      running[job.work.op] -= 1;
      job.reject(error);
      startWaiting();
    });
    return thread;
  }

  function receive(thread: Thread, message: FromIoThread): void {
    if (message.type === 'alive') return onAlive();
    const { job } = thread;
    if (job === null) return;
    if (message.type !== 'done' && message.type !== 'failed') return job.onMessage(message);
    thread.job = null;
    running[job.work.op] -= 1;
    idle.push(thread);
    startWaiting();
    if (message.type === 'done') job.resolve();
    else job.reject(new AppError(message.error.code, message.error.message, { hint: message.error.hint }));
  }

  function start(job: Job): void {
    const thread = idle.pop() ?? startThread();
    running[job.work.op] += 1;
    thread.job = job;
    thread.worker.postMessage(job.work);
  }

  function startWaiting(): void {
    const held: Job[] = [];
    for (const job of waiting) {
      if (running[job.work.op] < job.limit) start(job);
      else held.push(job);
    }
    waiting = held;
  }

  return {
    control,
    start(count) {
      for (let k = 0; k < count; k += 1) idle.push(startThread());
    },
    run(work, limit, onMessage) {
      return new Promise((resolve, reject) => {
        const job: Job = { work, limit, onMessage, resolve, reject };
        if (running[work.op] < limit) start(job);
        else waiting.push(job);
      });
    },
  };
}
