import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { FileHashProgress, HashedFile } from '../cli/cli-host.ts';
import { AppError, cancelled } from '../core/errors/app-error.ts';
import { findMount } from '../platform/app-data/mounts.ts';
import type { FromHashPaths, ToHashPaths } from './entries/hash-paths.ts';
import { entryPath } from './entry-path.ts';

const silenceDeadlineMs = 10_000;

interface HashPathsOptions {
  onProgress(progress: FileHashProgress): void;
  readonly signal: AbortSignal;
}

/**
 * Hashes files by their paths, in a process of its own, without index or database. One result for each path, in order.
 * A drive that says nothing for ten seconds costs its own files, once, and nobody else's.
 */
export async function hashPaths(
  paths: readonly string[],
  { onProgress, signal }: HashPathsOptions,
): Promise<readonly HashedFile[]> {
  const absolute = paths.map((given) => path.resolve(given));
  const silentMounts = new Set<string>();
  const results: HashedFile[] = [];
  let bytesDone = 0;
  let bytesTotal = 0;
  const reader = new Reader(signal, (bytes) => {
    bytesDone += bytes;
    show();
  });

  function show(): void {
    const file = absolute[results.length] ?? absolute.at(-1) ?? '';
    onProgress({ path: file, filesDone: results.length, filesTotal: absolute.length, bytesDone, bytesTotal });
  }

  async function ask(request: ToHashPaths): Promise<FromHashPaths | null> {
    if (silentMounts.size > 0 && silentMounts.has(mountOf(request.path))) return null;
    const answer = await reader.ask(request);
    if (answer === null) silentMounts.add(mountOf(request.path));
    return answer;
  }

  try {
    for (const file of absolute) {
      const answer = await ask({ op: 'measure', path: file });
      if (answer?.type === 'measured') bytesTotal += answer.size;
    }
    for (const file of absolute) {
      const answer = await ask({ op: 'hash', path: file });
      results.push(answer?.type === 'result' ? answer.result : { path: file, error: silent(file).toBody().error });
      show();
    }
    return results;
  } finally {
    reader.close();
  }
}

function mountOf(file: string): string {
  return findMount(file)?.mountPoint ?? path.parse(file).root;
}

function silent(file: string): AppError {
  return new AppError('LOCATION_OFFLINE', `The drive of “${file}” does not answer.`, {
    hint: 'Check that the drive or share is connected and awake.',
  });
}

/** The process that reads, one request at a time; started again after it fell silent. */
class Reader {
  private child: ChildProcess | null = null;
  private readonly signal: AbortSignal;
  private readonly onBytes: (bytes: number) => void;

  constructor(signal: AbortSignal, onBytes: (bytes: number) => void) {
    this.signal = signal;
    this.onBytes = onBytes;
  }

  /** null: the drive did not answer in time. */
  ask(request: ToHashPaths): Promise<FromHashPaths | null> {
    const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
    this.child ??= fork(entryPath('hash-paths'), [], { stdio: [...stdio], execArgv: [] });
    const child = this.child;
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        this.signal.removeEventListener('abort', onAbort);
        end();
      };
      const give = (): void => {
        this.close();
        settle(() => resolve(null));
      };
      const onAbort = (): void => {
        this.close();
        settle(() => reject(cancelled('Hashing')));
      };
      const timer = setTimeout(give, silenceDeadlineMs);
      child.on('message', (message: FromHashPaths) => {
        timer.refresh();
        if (message.type === 'read') this.onBytes(message.bytes);
        else if (message.type !== 'alive') settle(() => resolve(message));
      });
      const onEnd = (): void => {
        this.child = null;
        settle(() => reject(new AppError('IO_FAILED', `The process that reads “${request.path}” ended unexpectedly.`)));
      };
      child.on('error', onEnd);
      child.on('exit', onEnd);
      this.signal.addEventListener('abort', onAbort, { once: true });
      if (this.signal.aborted) onAbort();
      else child.send(request);
    });
  }

  /** Never waits for it: stuck in a dead share it ends when its call returns. */
  close(): void {
    const child = this.child;
    this.child = null;
    if (child === null) return;
    child.removeAllListeners();
    child.on('error', () => {});
    child.kill('SIGKILL');
    if (child.connected) child.disconnect();
    child.unref();
  }
}
