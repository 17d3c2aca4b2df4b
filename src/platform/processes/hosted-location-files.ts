import { type ChildProcess, fork } from 'node:child_process';
import { AppError, cancelled, toAppError } from '../../core/errors/app-error.ts';
import type {
  HashRequest,
  HashResult,
  LocationFiles,
  RootFacts,
  ScanBatch,
  ScanEnd,
  ScanRequest,
} from '../../core/ports/location-files.ts';
import type { ReadHeader } from '../../core/ports/model-header.ts';
import type { FromHost, HostArguments, ToHost } from './host-protocol.ts';
import { unpackBatch } from './packed-batch.ts';

export interface HostedLocationFilesOptions extends HostArguments {
  /** Program of the I/O process. */
  readonly entry: string;
  /** Milliseconds a look at the root may take. */
  readonly probeDeadlineMs?: number;
  /** Milliseconds of silence after which running work counts as hung. */
  readonly silenceDeadlineMs?: number;
  /** Milliseconds a new process may take to start. */
  readonly startDeadlineMs?: number;
  /** Milliseconds without work after which the process is let go. */
  readonly idleMs?: number;
}

interface Call {
  readonly what: string;
  readonly deadlineMs: number;
  readonly onMessage: (message: FromHost) => void;
  readonly reject: (error: AppError) => void;
  /** Hashing that is paused is silent for a reason. */
  readonly mayBeSilent: () => boolean;
}

/**
 * `LocationFiles` in a process of its own. A dead share blocks whoever touches it, in a way that not even a kill ends
 * at once; so the program never touches a location itself, waits with a deadline, and abandons a process that is
 * silent for too long. The next call starts a new one; while abandoned ones are still stuck in the drive, that happens
 * ever more rarely, so that a share that is dead for a week does not fill the memory with them.
 */
export function createHostedLocationFiles(options: HostedLocationFilesOptions): LocationFiles {
  const { root, probeDeadlineMs = 2_000, silenceDeadlineMs = 10_000 } = options;
  const stuck = new StuckReaders();
  let host: Host | null = null;
  let nextId = 1;
  let paused = false;
  let closed = false;

  function send(message: (id: number) => ToHost, call: Call): number {
    if (closed) throw new AppError('CANCELLED', `Access to “${root}” was closed.`);
    if (host === null || host.isGone) {
      if (!stuck.allowAnother()) throw tookTooLong(root, call.what);
      host = new Host(options, stuck);
    }
    const id = nextId;
    nextId += 1;
    host.start(id, message(id), call);
    return id;
  }

  return {
    probe() {
      return new Promise<RootFacts>((resolve, reject) => {
        send((id) => ({ op: 'probe', id }), {
          what: 'answer',
          deadlineMs: probeDeadlineMs,
          reject,
          mayBeSilent: () => false,
          onMessage: (message) => message.type === 'probed' && resolve(message.facts),
        });
      });
    },
    scan(request: ScanRequest, onBatch: (batch: ScanBatch) => void, signal?: AbortSignal) {
      let stopListening = (): void => {};
      return new Promise<ScanEnd>((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled('The refresh'));
        const id = send((call) => ({ op: 'scan', id: call, request }), {
          what: 'list its folders',
          deadlineMs: silenceDeadlineMs,
          reject,
          mayBeSilent: () => false,
          onMessage: (message) => {
            if (message.type === 'batch') onBatch(unpackBatch(message.batch));
            if (message.type === 'scanned') resolve(message.end);
          },
        });
        stopListening = listenForAbort(signal, () => host?.cancel(id, cancelled('The refresh')));
      }).finally(() => stopListening());
    },
    hash(request: HashRequest, onResult: (results: readonly HashResult[]) => void, signal?: AbortSignal) {
      let stopListening = (): void => {};
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled('Hashing'));
        const id = send((call) => ({ op: 'hash', id: call, request }), {
          what: 'give the bytes of a file',
          deadlineMs: silenceDeadlineMs,
          reject,
          mayBeSilent: () => paused,
          onMessage: (message) => {
            if (message.type === 'results') onResult(message.results);
            if (message.type === 'hashed') resolve();
          },
        });
        if (paused) host?.post({ op: 'pause-hashing', paused });
        stopListening = listenForAbort(signal, () => host?.cancel(id, cancelled('Hashing')));
      }).finally(() => stopListening());
    },
    readHeader(relPath) {
      return new Promise<ReadHeader>((resolve, reject) => {
        send((id) => ({ op: 'read-header', id, relPath }), {
          what: 'give the header of a file',
          deadlineMs: silenceDeadlineMs,
          reject,
          mayBeSilent: () => false,
          onMessage: (message) => message.type === 'header' && resolve(message.header),
        });
      });
    },
    pauseHashing(value) {
      paused = value;
      host?.post({ op: 'pause-hashing', paused });
    },
    close() {
      closed = true;
      host?.abandon(new AppError('CANCELLED', `Access to “${root}” was closed.`));
    },
  };
}

/** The signal may outlive thousands of calls, so each one takes its listener away. */
function listenForAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  signal?.addEventListener('abort', listener, { once: true });
  return () => signal?.removeEventListener('abort', listener);
}

function tookTooLong(root: string, what: string): AppError {
  return new AppError('LOCATION_OFFLINE', `“${root}” took too long to ${what}.`, {
    hint: 'Check that the drive or share is connected and awake; it is looked at again by itself.',
  });
}

/** Abandoned processes whose last call has not returned yet. */
class StuckReaders {
  private readonly readers = new Set<ChildProcess>();
  private inARow = 0;
  private startedAt = Number.NEGATIVE_INFINITY;

  allowAnother(): boolean {
    const now = performance.now();
    if (this.readers.size > 0 && this.inARow > 0 && now - this.startedAt < 10_000 * 2 ** this.inARow) return false;
    this.startedAt = now;
    return true;
  }

  add(reader: ChildProcess): void {
    this.inARow += 1;
    this.readers.add(reader);
    reader.once('exit', () => this.readers.delete(reader));
  }

  noteAnswer(): void {
    this.inARow = 0;
  }
}

/** One I/O process and the calls it is working on. */
class Host {
  isGone = false;
  private readonly child: ChildProcess;
  private readonly calls = new Map<number, Call>();
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private readonly root: string;
  private readonly idleMs: number;
  private readonly stuck: StuckReaders;
  private isReady = false;
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(options: HostedLocationFilesOptions, stuck: StuckReaders) {
    this.root = options.root;
    this.stuck = stuck;
    this.idleMs = options.idleMs ?? 20_000;
    const argument: HostArguments = { root: options.root };
    this.child = fork(options.entry, [JSON.stringify(argument)], {
      serialization: 'advanced',
      // No stream of ours: whoever reads them to the end would wait for a process that is stuck in a dead share.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // What is read is passed on at once: a large young generation would only cost memory.
      execArgv: ['--max-semi-space-size=4'],
      // Each thread of the process makes its own blocking calls; libuv's pool is not used for files there.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    });
    this.child.on('message', (message: FromHost) => this.receive(message));
    this.child.on('error', () => this.abandon(tookTooLong(this.root, 'start a reader')));
    this.child.on('exit', () =>
      this.abandon(new AppError('IO_FAILED', `The process that reads “${this.root}” ended unexpectedly.`)),
    );
    const startTimer = setTimeout(() => {
      if (!this.isReady) this.abandon(tookTooLong(this.root, 'start a reader'));
    }, options.startDeadlineMs ?? 10_000);
    startTimer.unref();
  }

  start(id: number, message: ToHost, call: Call): void {
    this.calls.set(id, call);
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.idleTimer = null;
    this.child.ref();
    this.child.channel?.ref();
    this.post(message);
    this.watch(id, call);
  }

  post(message: ToHost): void {
    if (!this.isGone && this.child.connected) this.child.send(message, () => {});
  }

  cancel(id: number, reason: AppError): void {
    const call = this.calls.get(id);
    if (!call) return;
    this.post({ op: 'cancel', id });
    this.end(id);
    call.reject(reason);
  }

  abandon(reason: AppError): void {
    if (this.isGone) return;
    this.isGone = true;
    // A process stuck in the kernel dies when its call returns; nobody waits for that.
    this.child.removeAllListeners();
    this.child.on('error', () => {});
    if (reason.code === 'LOCATION_OFFLINE') this.stuck.add(this.child);
    this.child.kill('SIGKILL');
    if (this.child.connected) this.child.disconnect();
    this.child.unref();
    const calls = [...this.calls.entries()];
    for (const [id, call] of calls) {
      this.end(id);
      call.reject(reason);
    }
  }

  private receive(message: FromHost): void {
    if (message.type === 'ready') {
      this.isReady = true;
      return this.watchAll();
    }
    this.stuck.noteAnswer();
    // A call may have to wait for another one that is slow; as long as the drive moves, none of them is hung.
    this.watchAll();
    if (message.type === 'alive') return;
    const call = this.calls.get(message.id);
    if (!call) return;
    if (message.type !== 'batch' && message.type !== 'results') this.end(message.id);
    if (message.type === 'failed') {
      const { code, message: text, hint } = message.error;
      call.reject(new AppError(code, text, { hint }));
      return;
    }
    try {
      call.onMessage(message);
    } catch (thrown) {
      // What the caller does with a batch failed: its call fails, not the program.
      this.post({ op: 'cancel', id: message.id });
      this.end(message.id);
      call.reject(toAppError(thrown));
    }
  }

  private watchAll(): void {
    for (const [id, call] of this.calls) this.watch(id, call);
  }

  /** The deadline starts anew with every sign of life; before the process is up its start deadline counts instead. */
  private watch(id: number, call: Call): void {
    clearTimeout(this.timers.get(id));
    if (!this.isReady) return;
    const timer = setTimeout(() => {
      if (call.mayBeSilent()) this.watch(id, call);
      else this.abandon(tookTooLong(this.root, call.what));
    }, call.deadlineMs);
    this.timers.set(id, timer);
  }

  private end(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.calls.delete(id);
    if (this.calls.size > 0 || this.isGone) return;
    // Nothing to wait for: the process must not keep the program running, and goes after a while.
    this.child.unref();
    this.child.channel?.unref();
    this.idleTimer = setTimeout(() => this.abandon(new AppError('CANCELLED', 'Idle.')), this.idleMs);
    this.idleTimer.unref();
  }
}
