import { type ChildProcess, fork } from 'node:child_process';
import { AppError } from '../../core/errors/app-error.ts';
import type { FromLooker, ToLooker } from './look-protocol.ts';

export interface LookProcessOptions {
  readonly entry: string;
  /** Milliseconds of silence after which the drive counts as dead. */
  readonly deadlineMs: number;
  readonly startDeadlineMs: number;
  readonly idleMs: number;
}

interface Call {
  readonly message: ToLooker;
  /** true ends the call. */
  readonly onMessage: (message: FromLooker) => boolean;
  /** The drive fell silent; without it the call fails. */
  readonly onSilence?: (() => void) | undefined;
  readonly reject: (error: AppError) => void;
}

/** For how long a drive that fell silent is not asked again while the process is stuck in it. */
const pauseMs = 10_000;

/** The process that looks at one drive: started when needed, one call at a time, abandoned when it falls silent. */
export class LookProcess {
  private child: ChildProcess | null = null;
  private isReady = false;
  private stuck: { readonly child: ChildProcess; readonly sinceMs: number } | null = null;
  private readonly waiting: Call[] = [];
  private current: Call | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly name: string;
  private readonly options: LookProcessOptions;

  constructor(name: string, options: LookProcessOptions) {
    this.name = name;
    this.options = options;
  }

  ask(call: Call): void {
    this.waiting.push(call);
    this.next();
  }

  /** Never waits for it: stuck in a dead share it ends when its call returns. */
  close(reason: AppError): void {
    this.letGo();
    const calls = [...(this.current ? [this.current] : []), ...this.waiting.splice(0)];
    this.current = null;
    for (const call of calls) call.reject(reason);
  }

  private next(): void {
    if (this.current) return;
    const call = this.waiting.shift();
    if (!call) return this.rest();
    if (this.stuck && performance.now() - this.stuck.sinceMs < pauseMs) {
      call.reject(this.silent());
      return this.next();
    }
    this.current = call;
    this.child ??= this.start();
    this.child.ref();
    this.child.channel?.ref();
    this.child.send(call.message, () => {});
    this.watch();
  }

  private start(): ChildProcess {
    this.isReady = false;
    const child = fork(this.options.entry, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    child.on('message', (message: FromLooker) => this.receive(message));
    const onEnd = (): void => {
      const { current } = this;
      this.letGo();
      this.current = null;
      current?.reject(new AppError('IO_FAILED', `The process that looks at “${this.name}” ended unexpectedly.`));
      this.next();
    };
    child.on('error', onEnd);
    child.on('exit', onEnd);
    return child;
  }

  private receive(message: FromLooker): void {
    if (message.type === 'ready') this.isReady = true;
    this.watch();
    const { current } = this;
    if (!current || message.type === 'ready' || message.type === 'alive') return;
    if (message.type === 'failed') {
      const { code, message: text, hint } = message.error;
      current.reject(new AppError(code, text, { hint }));
    } else if (!current.onMessage(message)) return;
    this.current = null;
    this.next();
  }

  /** The deadline starts anew with every sign of life. */
  private watch(): void {
    clearTimeout(this.timer);
    const ms = this.isReady ? this.options.deadlineMs : this.options.startDeadlineMs;
    this.timer = setTimeout(() => this.giveUp(), ms);
  }

  private giveUp(): void {
    const { child, current } = this;
    this.letGo();
    if (child && child.exitCode === null) {
      const stuck = { child, sinceMs: performance.now() };
      this.stuck = stuck;
      child.once('exit', () => {
        if (this.stuck === stuck) this.stuck = null;
      });
    }
    this.current = null;
    if (current?.onSilence) current.onSilence();
    else current?.reject(this.silent());
    this.next();
  }

  /** Nothing to do: the process must not keep the program running, and goes after a while. */
  private rest(): void {
    clearTimeout(this.timer);
    this.child?.unref();
    this.child?.channel?.unref();
    this.timer = setTimeout(() => this.letGo(), this.options.idleMs);
    this.timer.unref();
  }

  private letGo(): void {
    clearTimeout(this.timer);
    const { child } = this;
    this.child = null;
    if (!child) return;
    child.removeAllListeners();
    child.on('error', () => {});
    child.kill('SIGKILL');
    if (child.connected) child.disconnect();
    child.unref();
  }

  private silent(): AppError {
    return new AppError('LOCATION_OFFLINE', `“${this.name}” does not answer.`, {
      hint: 'Check that the drive or share is connected and awake.',
    });
  }
}
