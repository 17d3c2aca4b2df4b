import type { RawFile, RawFileSystem } from '../../core/ports/raw-file-system.ts';
import { osError } from './memory-paths.ts';

export type RawOp = 'list' | 'firstNames' | 'lstat' | 'stat' | 'realPath' | 'openRead' | 'volume' | 'read' | 'fstat';

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

/** A file system some of whose calls fail, hang or take time. Works on any `RawFileSystem`. */
export class FaultyFileSystem implements RawFileSystem {
  readonly platform: RawFileSystem['platform'];
  calls = 0;
  private readonly inner: RawFileSystem;
  private readonly onCall: (call: RawCall) => void;
  private faults: { readonly fault: Fault; seen: number }[] = [];

  constructor(inner: RawFileSystem, { faults = [], onCall = () => {} }: FaultOptions = {}) {
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
    this.before('list', path);
    return this.inner.list(path);
  }

  firstNames(path: string, limit: number): ReturnType<RawFileSystem['firstNames']> {
    this.before('firstNames', path);
    return this.inner.firstNames(path, limit);
  }

  lstat(path: string): ReturnType<RawFileSystem['lstat']> {
    this.before('lstat', path);
    return this.inner.lstat(path);
  }

  stat(path: string): ReturnType<RawFileSystem['stat']> {
    this.before('stat', path);
    return this.inner.stat(path);
  }

  realPath(path: string): string {
    this.before('realPath', path);
    return this.inner.realPath(path);
  }

  openRead(path: string): RawFile {
    this.before('openRead', path);
    const file = this.inner.openRead(path);
    return {
      stat: () => {
        this.before('fstat', path);
        return file.stat();
      },
      read: (target, position) => {
        this.before('read', path);
        return file.read(target, position);
      },
      realPath: () => file.realPath(),
      close: () => file.close(),
    };
  }

  volume(path: string): ReturnType<RawFileSystem['volume']> {
    this.before('volume', path);
    return this.inner.volume(path);
  }

  private before(op: RawOp, path: string): void {
    this.calls += 1;
    this.onCall({ op, path, number: this.calls });
    for (const entry of this.faults) {
      const { fault } = entry;
      if (fault.op !== undefined && fault.op !== op) continue;
      if (typeof fault.path === 'string' ? fault.path !== path : fault.path?.(path) === false) continue;
      entry.seen += 1;
      if (fault.nth === undefined || fault.nth === entry.seen) throw toThrown(fault.fail, path);
    }
  }
}

function toThrown(fail: string | Error, path: string): Error {
  if (typeof fail !== 'string') return fail;
  return fail === 'hang' ? new HangingCall(`“${path}” never answers.`) : osError(fail, path);
}
