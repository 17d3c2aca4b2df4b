import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/errors/app-error.ts';
import { type ControlWords, createControlWords, type FromIoThread, type ToIoThread } from './io-work.ts';

/** Threads of one I/O process, started when first needed. Each takes one piece of work at a time. */
export interface IoThreads {
  readonly control: ControlWords;
  /** Runs the work on a free thread, starting one while fewer than `limit` exist; queued when all are busy. */
  run(work: ToIoThread, limit: number, onMessage: (message: FromIoThread) => void): Promise<void>;
}

interface Job {
  readonly work: ToIoThread;
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
  const waiting: Job[] = [];
  let started = 0;

  function startThread(): Thread {
    started += 1;
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
      started -= 1;
      thread.job?.reject(error);
      const next = waiting.shift();
      if (next) give(startThread(), next);
    });
    return thread;
  }

  function receive(thread: Thread, message: FromIoThread): void {
    if (message.type === 'alive') return onAlive();
    const { job } = thread;
    if (job === null) return;
    if (message.type !== 'done' && message.type !== 'failed') return job.onMessage(message);
    thread.job = null;
    const next = waiting.shift();
    if (next) give(thread, next);
    else idle.push(thread);
    if (message.type === 'done') job.resolve();
    else job.reject(new AppError(message.error.code, message.error.message, { hint: message.error.hint }));
  }

  function give(thread: Thread, job: Job): void {
    thread.job = job;
    thread.worker.postMessage(job.work);
  }

  return {
    control,
    run(work, limit, onMessage) {
      return new Promise((resolve, reject) => {
        const job: Job = { work, onMessage, resolve, reject };
        const thread = idle.pop() ?? (started < limit ? startThread() : null);
        if (thread) give(thread, job);
        else waiting.push(job);
      });
    },
  };
}
