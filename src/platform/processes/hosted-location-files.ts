import { AppError, cancelled } from '../../core/errors/app-error.ts';
import type {
  HashRequest,
  HashResult,
  LocationFiles,
  RootFacts,
  SampleRequest,
  SampleResults,
  ScanBatch,
  ScanEnd,
  ScanRequest,
} from '../../core/ports/location-files.ts';
import type { ReadHeader } from '../../core/ports/model-header.ts';
import type { FromHost, ToHost } from './host-protocol.ts';
import { type HostedCall, HostedProcess, listenForAbort } from './hosted-process.ts';
import { unpackBatch } from './packed-batch.ts';
import { StuckProcesses, tookTooLong } from './stuck-processes.ts';

export interface HostedLocationFilesOptions {
  /** Program of the I/O process. */
  readonly entry: string;
  /** Folder of the location. */
  readonly root: string;
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
  readonly mayBeSilent?: () => boolean;
}

type Host = HostedProcess<ToHost, FromHost>;

/**
 * `LocationFiles` in a process of its own. A dead share blocks whoever touches it, in a way that not even a kill ends
 * at once; so the program never touches a location itself, waits with a deadline, and abandons a process that is
 * silent for too long. The next call starts a new one; while abandoned ones are still stuck in the drive, that happens
 * ever more rarely, so that a share that is dead for a week does not fill the memory with them.
 */
export function createHostedLocationFiles(options: HostedLocationFilesOptions): LocationFiles {
  const { root, probeDeadlineMs = 2_000, silenceDeadlineMs = 10_000 } = options;
  const stuck = new StuckProcesses();
  let host: Host | null = null;
  let nextId = 1;
  let paused = false;
  let closed = false;

  function send(message: (id: number) => ToHost, call: Call): number {
    if (closed) throw new AppError('CANCELLED', `Access to “${root}” was closed.`);
    if (host === null || host.isGone) {
      if (!stuck.allowAnother()) throw tookTooLong(root, call.what);
      host = startHost(options, stuck);
    }
    const id = nextId;
    nextId += 1;
    host.start(id, message(id), toHostedCall(root, call));
    return id;
  }

  return {
    probe() {
      return new Promise<RootFacts>((resolve, reject) => {
        send((id) => ({ op: 'probe', id }), {
          what: 'answer',
          deadlineMs: probeDeadlineMs,
          reject,
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
    sample(request: SampleRequest, onResult: (results: SampleResults) => void, signal?: AbortSignal) {
      let stopListening = (): void => {};
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled('Sampling'));
        const id = send((call) => ({ op: 'sample', id: call, request }), {
          what: 'give the bytes of a file',
          deadlineMs: silenceDeadlineMs,
          reject,
          mayBeSilent: () => paused,
          onMessage: (message) => {
            if (message.type === 'samples') onResult(message.results);
            if (message.type === 'sampled') resolve();
          },
        });
        if (paused) host?.post({ op: 'pause-hashing', paused });
        stopListening = listenForAbort(signal, () => host?.cancel(id, cancelled('Sampling')));
      }).finally(() => stopListening());
    },
    readHeader(relPath) {
      return new Promise<ReadHeader>((resolve, reject) => {
        send((id) => ({ op: 'read-header', id, relPath }), {
          what: 'give the header of a file',
          deadlineMs: silenceDeadlineMs,
          reject,
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

function startHost(options: HostedLocationFilesOptions, stuck: StuckProcesses): Host {
  const { entry, root, startDeadlineMs = 10_000, idleMs = 20_000 } = options;
  return new HostedProcess<ToHost, FromHost>({
    entry,
    firstMessage: { op: 'begin', root },
    startDeadlineMs,
    idleMs,
    notStarted: () => tookTooLong(root, 'start a reader'),
    endedByItself: () => new AppError('IO_FAILED', `The process that reads “${root}” ended unexpectedly.`),
    onAnswer: () => stuck.noteAnswer(),
    onStuck: (child, reason) => reason.code === 'LOCATION_OFFLINE' && stuck.add(child),
    cancelMessage: (id) => ({ op: 'cancel', id }),
  });
}

function toHostedCall(root: string, call: Call): HostedCall<FromHost> {
  return {
    deadlineMs: () => call.deadlineMs,
    mayBeSilent: call.mayBeSilent ?? (() => false),
    onSilence: () => tookTooLong(root, call.what),
    isLast: ({ type }) => type !== 'batch' && type !== 'results' && type !== 'samples',
    reject: call.reject,
    onMessage(message) {
      if (message.type !== 'failed') return call.onMessage(message);
      const { code, message: text, hint } = message.error;
      call.reject(new AppError(code, text, { hint }));
    },
  };
}
