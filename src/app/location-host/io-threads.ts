import { Worker } from 'node:worker_threads';
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

export function createIoThreads(entry: string): IoThreads {
  const control = createControlWords();
  const idle: Worker[] = [];
  const waiting: Job[] = [];
  let started = 0;

  function startThread(): Worker {
    started += 1;
    return new Worker(entry, { workerData: { control }, execArgv: [] });
  }

  function give(worker: Worker, job: Job): void {
    const finish = (end: () => void): void => {
      worker.removeAllListeners();
      const next = waiting.shift();
      if (next) give(worker, next);
      else idle.push(worker);
      end();
    };
    worker.on('message', (message: FromIoThread) => {
      if (message.type === 'done') return finish(job.resolve);
      if (message.type === 'failed') return finish(() => job.reject(new Error(message.error.message)));
      job.onMessage(message);
    });
    worker.on('error', (error: Error) => {
      started -= 1;
      job.reject(error);
      const next = waiting.shift();
      if (next) give(startThread(), next);
    });
    worker.postMessage(job.work);
  }

  return {
    control,
    run(work, limit, onMessage) {
      return new Promise((resolve, reject) => {
        const job: Job = { work, onMessage, resolve, reject };
        const worker = idle.pop() ?? (started < limit ? startThread() : null);
        if (worker) give(worker, job);
        else waiting.push(job);
      });
    },
  };
}
