import type { ChildProcess } from 'node:child_process';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import { toBackground } from './background.ts';
import { takeProcess } from './early-starts.ts';

export interface HostedProcessOptions<To> {
  /** Program of the process. */
  readonly entry: string;
  /** The first message, which tells it what to work on. */
  readonly firstMessage?: To;
  /** Someone waits for what it does: it keeps the priority of the program. Default false. */
  readonly isWaitedFor?: boolean;
  /** Threads of libuv's pool. Default 1: each thread of the process makes its own blocking calls. */
  readonly poolThreads?: number;
  /** Milliseconds it may take to start. */
  readonly startDeadlineMs: number;
  /** Milliseconds without work after which it is let go. */
  readonly idleMs: number;
  /** What running calls are told when it does not start, and when it ends by itself. */
  readonly notStarted: () => AppError;
  readonly endedByItself: () => AppError;
  /** It said something other than that it is up. */
  readonly onAnswer?: () => void;
  /** It is about to be killed; a drive may hold it for longer. */
  readonly onStuck: (process: ChildProcess, reason: AppError) => unknown;
  /** Tells it to stop working on a call. */
  readonly cancelMessage: (id: number) => To;
}

/** A message from a process: `ready` once; what has an `id` belongs to that call; any message is a sign of life. */
interface Said {
  readonly type: string;
  readonly id?: number;
}

export interface HostedCall<From> {
  /** Milliseconds of silence after which the process counts as hung. */
  readonly deadlineMs: () => number;
  /** Work that is paused is silent for a reason. */
  readonly mayBeSilent: () => boolean;
  /** What the silence means. */
  readonly onSilence: () => AppError;
  /** It ends with this message. */
  readonly isLast: (message: From) => boolean;
  /** What it throws ends the call. */
  readonly onMessage: (message: From) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * A process that makes blocking calls on drives, and the calls it is working on. It is waited for with deadlines, and
 * abandoned when it is silent for too long: stuck in the kernel it dies when its call returns, and nobody waits for that.
 */
export class HostedProcess<To extends object, From extends Said> {
  isGone = false;
  private readonly child: ChildProcess;
  private readonly calls = new Map<number, HostedCall<From>>();
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private readonly options: HostedProcessOptions<To>;
  private isReady = false;
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(options: HostedProcessOptions<To>) {
    this.options = options;
    this.child = takeProcess(options.entry, options.poolThreads ?? 1);
    // At once: threads that it starts inherit it.
    if (options.isWaitedFor !== true) toBackground(this.child.pid);
    this.child.on('message', (message: From) => this.receive(message));
    this.child.on('error', () => this.abandon(options.notStarted()));
    this.child.on('exit', () => this.abandon(options.endedByItself()));
    const startTimer = setTimeout(() => {
      if (!this.isReady) this.abandon(options.notStarted());
    }, options.startDeadlineMs);
    startTimer.unref();
    if (options.firstMessage !== undefined) this.post(options.firstMessage);
  }

  get isBusy(): boolean {
    return this.calls.size > 0;
  }

  start(id: number, message: To, call: HostedCall<From>): void {
    this.calls.set(id, call);
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.idleTimer = null;
    this.child.ref();
    this.child.channel?.ref();
    this.post(message);
    this.watch(id, call);
  }

  post(message: To): void {
    if (!this.isGone && this.child.connected) this.child.send(message, () => {});
  }

  /** The process is told to stop; the call has ended, whatever comes back. */
  cancel(id: number, reason: AppError): void {
    const call = this.calls.get(id);
    if (!call) return;
    this.post(this.options.cancelMessage(id));
    this.end(id);
    call.reject(reason);
  }

  abandon(reason: AppError): void {
    if (this.isGone) return;
    this.isGone = true;
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.child.removeAllListeners();
    this.child.on('error', () => {});
    this.options.onStuck(this.child, reason);
    this.child.kill('SIGKILL');
    if (this.child.connected) this.child.disconnect();
    this.child.unref();
    const calls = [...this.calls.entries()];
    for (const [id, call] of calls) {
      this.end(id);
      call.reject(reason);
    }
  }

  /** Starts the deadlines anew, as a sign of life does. */
  watchAll(): void {
    for (const [id, call] of this.calls) this.watch(id, call);
  }

  private receive(message: From): void {
    if (message.type === 'ready') this.isReady = true;
    else this.options.onAnswer?.();
    const id = message.id ?? 0;
    const call = this.calls.get(id);
    if (call) {
      if (call.isLast(message)) this.end(id);
      try {
        call.onMessage(message);
      } catch (thrown) {
        // What the caller does with a message failed: its call fails, not the program.
        this.post(this.options.cancelMessage(id));
        this.end(id);
        call.reject(toAppError(thrown));
      }
    }
    // A call may have to wait for another one that is slow; as long as the drive moves, none of them is hung.
    this.watchAll();
  }

  /** The deadline starts anew with every sign of life; before the process is up its start deadline counts instead. */
  private watch(id: number, call: HostedCall<From>): void {
    clearTimeout(this.timers.get(id));
    if (!this.isReady) return;
    const timer = setTimeout(() => {
      if (call.mayBeSilent()) this.watch(id, call);
      else this.abandon(call.onSilence());
    }, call.deadlineMs());
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
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.abandon(new AppError('CANCELLED', 'Idle.')), this.options.idleMs);
    this.idleTimer.unref();
  }
}

/** The signal may outlive thousands of calls, so each one takes its listener away. */
export function listenForAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  signal?.addEventListener('abort', listener, { once: true });
  return () => signal?.removeEventListener('abort', listener);
}
