import fs from 'node:fs';
import { getSystemErrorMap } from 'node:util';

/** Syncs that other threads of this process make while the one that asks for them goes on. */
export interface SyncsBeside {
  /** What it answers waits, and throws what the sync failed with. The descriptor stays open until then. */
  begin(what: SyncKind, descriptor: number): () => void;
}

export type SyncKind = 'all' | 'content';

/** From the thread that asks to one that has libuv's pool to itself. */
export interface SyncRequest {
  readonly type: 'sync';
  readonly what: SyncKind;
  readonly descriptor: number;
  /** Gets `pending` replaced by 0 or a (negative) number of an error. */
  readonly answer: Int32Array<SharedArrayBuffer>;
  /** Counts answers, so that a wait sees that others come in. */
  readonly answered: Int32Array<SharedArrayBuffer>;
}

const pending = 1;

export interface SyncsBesideOptions {
  readonly post: (request: SyncRequest) => void;
  /** Called while an answer is waited for, whenever any sync has returned: the drive moves. */
  readonly onReturn: () => void;
}

export function createSyncsBeside({ post, onReturn }: SyncsBesideOptions): SyncsBeside {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  return {
    begin(what, descriptor) {
      const answer = new Int32Array(new SharedArrayBuffer(4));
      answer[0] = pending;
      post({ type: 'sync', what, descriptor, answer, answered });
      return () => {
        for (;;) {
          const count = Atomics.load(answered, 0);
          const errno = Atomics.load(answer, 0);
          if (errno === 0) return;
          if (errno !== pending) throw systemError(what, errno);
          Atomics.wait(answered, 0, count);
          onReturn();
        }
      };
    },
  };
}

/** The other side: never waits, so any number of them are under way, as many at once as the pool has threads. */
export function serveSync({ what, descriptor, answer, answered }: SyncRequest): void {
  const sync = what === 'all' ? fs.fsync : fs.fdatasync;
  sync(descriptor, (error) => {
    Atomics.store(answer, 0, error === null ? 0 : (error.errno ?? unknownError));
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
}

/** UV_UNKNOWN. */
const unknownError = -4094;

/** As Node throws it. */
function systemError(what: SyncKind, errno: number): NodeJS.ErrnoException {
  const syscall = what === 'all' ? 'fsync' : 'fdatasync';
  const [code, text] = getSystemErrorMap().get(errno) ?? [`Unknown system error ${errno}`, 'unknown error'];
  return Object.assign(new Error(`${code}: ${text}, ${syscall}`), { code, errno, syscall });
}
