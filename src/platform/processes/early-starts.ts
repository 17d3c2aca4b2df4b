import { type ChildProcess, fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';

/*
 * A process or a thread takes a tenth of a second to start, as long as the modules of a command take to load. So those
 * that it is going to need are started before, by their program file, and wait for a first message that tells them what
 * to work on. Whoever needs one takes one that waits, or starts one. One that nobody takes ends with the program.
 */
const processes = new Map<string, ChildProcess>();
const threads = new Map<string, Worker>();

const ignore = (): void => {};

export function startProcessEarly(entry: string, args: readonly string[]): void {
  const child = forkProcess(entry, 1, args);
  child.on('error', ignore);
  child.unref();
  child.channel?.unref();
  processes.set(entry, child);
}

export function takeProcess(entry: string, poolThreads: number): ChildProcess {
  const child = poolThreads === 1 ? processes.get(entry) : undefined;
  if (!child?.connected) return forkProcess(entry, poolThreads);
  processes.delete(entry);
  child.off('error', ignore);
  child.ref();
  child.channel?.ref();
  return child;
}

export function startThreadEarly(entry: string): void {
  const thread = startThread(entry);
  thread.on('error', ignore);
  thread.unref();
  threads.set(entry, thread);
}

export function takeThread(entry: string): Worker {
  const thread = threads.get(entry);
  // One that has ended already has no id any more.
  if (!thread || thread.threadId < 0) return startThread(entry);
  threads.delete(entry);
  thread.off('error', ignore);
  thread.ref();
  return thread;
}

/** Each thread of such a process makes its own blocking calls, so that one thread in libuv's pool does. */
function forkProcess(entry: string, poolThreads: number, args: readonly string[] = []): ChildProcess {
  return fork(entry, args, {
    serialization: 'advanced',
    // No stream of ours: whoever reads them to the end would wait for a process that is stuck in a dead share.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // What is read is passed on at once: a large young generation would only cost memory.
    execArgv: ['--max-semi-space-size=4'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(poolThreads) },
  });
}

function startThread(entry: string): Worker {
  return new Worker(entry, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 8 } });
}
