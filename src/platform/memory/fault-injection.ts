import type { ChangingFileSystem, RawFolder } from '../../core/ports/changing-file-system.ts';
import type { RawFile, RawFileSystem } from '../../core/ports/raw-file-system.ts';
import { FaultyFolder, type RawOp } from './faulty-folder.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import { osError } from './memory-paths.ts';

export interface RawCall {
  readonly op: RawOp;
  readonly path: string;
  /** Counts the calls of this file system, from 1. */
  readonly number: number;
}

/** Which calls go wrong, and how. */
export interface Fault {
  /** Default: all. */
  readonly op?: RawOp;
  /** The path itself, or a test of it. Default: any. */
  readonly path?: string | ((path: string) => boolean);
  /** Only the n-th call that fits op and path, from 1. Default: every one. */
  readonly nth?: number;
  /** Name of an operating system error (`EIO`, `ESTALE` …), an error to throw, or `hang` for a call that never returns. */
  readonly fail: string | Error;
  /** The call does what it is for, and then says that it failed. */
  readonly isDone?: boolean;
}

/** Thrown in place of blocking for ever; `DirectLocationFiles` keeps its callers waiting when it meets this. */
export class HangingCall extends Error {
  override readonly name = 'HangingCall';
}

export interface FaultOptions {
  readonly faults?: readonly Fault[];
  /** Called before each call: to let time pass, to change files while they are read, to count. */
  readonly onCall?: (call: RawCall) => void;
}

/** A file system some of whose calls fail, hang or take time. Works on any `RawFileSystem`; folders need one that has them. */
export class FaultyFileSystem implements ChangingFileSystem {
  readonly platform: RawFileSystem['platform'];
  calls = 0;
  private readonly inner: RawFileSystem & Partial<ChangingFileSystem>;
  private readonly onCall: (call: RawCall) => void;
  private faults: { readonly fault: Fault; seen: number }[] = [];

  constructor(
    inner: RawFileSystem & Partial<ChangingFileSystem>,
    { faults = [], onCall = () => {} }: FaultOptions = {},
  ) {
    this.platform = inner.platform;
    this.inner = inner;
    this.onCall = onCall;
    this.setFaults(faults);
  }

  /** Replaces all faults; counting starts anew. */
  setFaults(faults: readonly Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  list(path: string): ReturnType<RawFileSystem['list']> {
    return this.call('list', path, () => this.inner.list(path));
  }

  firstNames(path: string, limit: number): ReturnType<RawFileSystem['firstNames']> {
    return this.call('firstNames', path, () => this.inner.firstNames(path, limit));
  }

  lstat(path: string): ReturnType<RawFileSystem['lstat']> {
    return this.call('lstat', path, () => this.inner.lstat(path));
  }

  stat(path: string): ReturnType<RawFileSystem['stat']> {
    return this.call('stat', path, () => this.inner.stat(path));
  }

  realPath(path: string): string {
    return this.call('realPath', path, () => this.inner.realPath(path));
  }

  openRead(path: string): RawFile {
    const file = this.call('openRead', path, () => this.inner.openRead(path));
    return {
      stat: () => this.call('fstat', path, () => file.stat()),
      read: (target, position) => this.call('read', path, () => file.read(target, position)),
      realPath: () => file.realPath(),
      close: () => file.close(),
    };
  }

  openFolder(path: string): RawFolder {
    const { openFolder } = this.inner;
    if (!openFolder) throw new TypeError('this file system only reads');
    const folder = this.call('openFolder', path, () => openFolder.call(this.inner, path));
    return new FaultyFolder(folder, path, (op, at, call) =>
      this.call(op, at, op === 'move' ? () => this.withMidway(call) : call),
    );
  }

  volume(path: string): ReturnType<RawFileSystem['volume']> {
    return this.call('volume', path, () => this.inner.volume(path));
  }

  /** A move can fail in its middle as well. */
  private withMidway<T>(move: () => T): T {
    const { inner } = this;
    if (!(inner instanceof MemoryFileSystem)) return move();
    const before = inner.onMidway;
    inner.onMidway = (path) => this.call('midway', path, () => before(path));
    try {
      return move();
    } finally {
      inner.onMidway = before;
    }
  }

  private call<T>(op: RawOp, path: string, call: () => T): T {
    this.calls += 1;
    this.onCall({ op, path, number: this.calls });
    const fault = this.faultOf(op, path);
    if (fault === null) return call();
    if (fault.isDone === true) call();
    throw toThrown(fault.fail, path);
  }

  private faultOf(op: RawOp, path: string): Fault | null {
    for (const entry of this.faults) {
      const { fault } = entry;
      if (fault.op !== undefined && fault.op !== op) continue;
      if (typeof fault.path === 'string' ? fault.path !== path : fault.path?.(path) === false) continue;
      entry.seen += 1;
      if (fault.nth === undefined || fault.nth === entry.seen) return fault;
    }
    return null;
  }
}

function toThrown(fail: string | Error, path: string): Error {
  if (typeof fail !== 'string') return fail;
  return fail === 'hang' ? new HangingCall(`“${path}” never answers.`) : osError(fail, path);
}
