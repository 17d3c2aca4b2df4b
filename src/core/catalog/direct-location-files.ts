import { AppError, cancelled, toAppError } from '../errors/app-error.ts';
import { hashFile } from '../hashing/hash-file.ts';
import { SampledFiles } from '../hashing/sample-files.ts';
import { readHeader } from '../headers/read-header.ts';
import { probeRoot } from '../locations/probe-root.ts';
import type { Pacer } from '../ports/clock.ts';
import type { Hashers } from '../ports/hashers.ts';
import type {
  HashRequest,
  HashResult,
  HashTarget,
  LocationFiles,
  RootFacts,
  SampleRequest,
  SampleResults,
  ScanBatch,
  ScanEnd,
  ScanRequest,
} from '../ports/location-files.ts';
import type { RawFileSystem } from '../ports/raw-file-system.ts';
import { absolutePath } from './scan-folder.ts';
import { type GlobMatcher, openScan, scanTree } from './scan-tree.ts';

export interface DirectLocationFilesOptions {
  readonly fs: RawFileSystem;
  readonly root: string;
  readonly hashers: Hashers;
  readonly matchGlobs: GlobMatcher;
  readonly pacer: Pacer;
  /** Folders in a batch. Default 64. */
  readonly foldersPerBatch?: number;
  /** Stands for a call that never returned: who made it waits until the access is closed or the call cancelled. */
  readonly isHanging?: (thrown: unknown) => boolean;
}

const bufferBytes = 256 * 1024;

/**
 * `LocationFiles` inside the program, for file systems that cannot block: memory, and tests on local folders. It gives
 * way between batches and files, so callers see the same order of things as with a process of its own.
 */
export function createDirectLocationFiles(options: DirectLocationFilesOptions): LocationFiles {
  const { fs, root, pacer } = options;
  const buffer = new Uint8Array(bufferBytes);
  const running = new Set<(reason: AppError) => void>();
  let isClosed = false;
  let paused: { readonly until: Promise<void>; readonly end: () => void } | null = null;

  /** Runs `work` until it ends, is cancelled, or the access is closed; `isStopped` tells the work that it is over. */
  function run<T>(
    what: string,
    signal: AbortSignal | undefined,
    work: (isStopped: () => boolean) => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (isClosed) return reject(closed(root));
      if (signal?.aborted) return reject(cancelled(what));
      let isStopped = false;
      const stop = (reason: AppError): void => {
        isStopped = true;
        running.delete(stop);
        reject(reason);
      };
      running.add(stop);
      signal?.addEventListener('abort', () => stop(cancelled(what)), { once: true });
      work(() => isStopped).then(
        (value) => {
          running.delete(stop);
          resolve(value);
        },
        (thrown: unknown) => {
          if (options.isHanging?.(thrown) !== true) stop(toAppError(thrown));
        },
      );
    });
  }

  async function scan(
    request: ScanRequest,
    onBatch: (batch: ScanBatch) => void,
    isStopped: () => boolean,
  ): Promise<ScanEnd> {
    await giveWay(pacer);
    const context = openScan(fs, root, request.folder, options.matchGlobs(request.ignoreGlobs));
    const batches = scanTree(context, request, options.foldersPerBatch);
    for (;;) {
      const next = batches.next();
      if (next.done) return next.value;
      onBatch(next.value);
      await giveWay(pacer);
      if (isStopped()) throw cancelled('The refresh');
    }
  }

  async function hash(
    request: HashRequest,
    onResult: (results: readonly HashResult[]) => void,
    isStopped: () => boolean,
  ): Promise<void> {
    await giveWay(pacer);
    const realRoot = fs.realPath(root);
    for (const target of request.targets) {
      if (paused) await paused.until;
      if (isStopped()) return;
      onResult([hashTarget(target, { ...options, realRoot, buffer, sha256: request.sha256 })]);
      await giveWay(pacer);
    }
  }

  async function sample(
    { targets }: SampleRequest,
    onResult: (results: SampleResults) => void,
    isStopped: () => boolean,
  ): Promise<void> {
    await giveWay(pacer);
    const realRoot = fs.realPath(root);
    const rethrow = (thrown: unknown): void => {
      if (options.isHanging?.(thrown) === true) throw thrown;
    };
    for (let at = 0; at < targets.relPaths.length; at += 1) {
      if (paused) await paused.until;
      if (isStopped()) return;
      const one = new SampledFiles(targets, at, 1);
      one.sample(0, {
        ...options,
        realRoot,
        buffer,
        rethrow,
        absolutePath: (relPath) => absolutePath(options, relPath),
      });
      onResult(one.results());
      await giveWay(pacer);
    }
  }

  return {
    probe: () => run<RootFacts>('The look at the location', undefined, async () => probeRoot(fs, root)),
    scan: (request, onBatch, signal) => run('The refresh', signal, (isStopped) => scan(request, onBatch, isStopped)),
    hash: (request, onResult, signal) => run('Hashing', signal, (isStopped) => hash(request, onResult, isStopped)),
    sample: (request, onResult, signal) => run('Sampling', signal, (isStopped) => sample(request, onResult, isStopped)),
    readHeader: (relPath) =>
      run('Reading a header', undefined, async () =>
        readHeader(absolutePath(options, relPath), { fs, realRoot: fs.realPath(root) }),
      ),
    pauseHashing(value) {
      if (value) paused ??= createGate();
      else paused?.end();
      if (!value) paused = null;
    },
    close() {
      isClosed = true;
      for (const stop of [...running]) stop(closed(root));
    },
  };
}

interface HashTargetOptions extends DirectLocationFilesOptions {
  readonly realRoot: string;
  readonly buffer: Uint8Array;
  readonly sha256: boolean;
}

function hashTarget(target: HashTarget, options: HashTargetOptions): HashResult {
  const { relPath } = target;
  try {
    const { blake3, sha256, quickHash } = hashFile(absolutePath(options, relPath), target, {
      ...options,
      quick: false,
      from: target.from,
    });
    return { relPath, ok: true, blake3, sha256, quickHash };
  } catch (thrown) {
    if (options.isHanging?.(thrown) === true) throw thrown;
    const { code, message } = toAppError(thrown);
    return { relPath, ok: false, code, message };
  }
}

function createGate(): { readonly until: Promise<void>; readonly end: () => void } {
  let end = (): void => {};
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { until, end: () => end() };
}

/** Others get their turn after each step, also where steps are shorter than the pacer's slice. */
async function giveWay(pacer: Pacer): Promise<void> {
  await (pacer.breathe() ?? Promise.resolve());
}

function closed(root: string): AppError {
  return new AppError('CANCELLED', `Access to “${root}” was closed.`);
}
