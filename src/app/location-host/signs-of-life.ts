import type { RawFile, RawFileSystem } from '../../core/ports/raw-file-system.ts';

const sayEveryMs = 500;
/** Reads start small and grow while the drive is fast, so that even a very slow one shows that it moves. */
const smallestRead = 64 * 1024;
const fastReadMs = 50;
const slowReadMs = 1_000;

/**
 * A file system that says when its calls return, at most twice a second. Whoever waits for it can then tell a drive
 * that is slow from one that is dead, although a single folder or file may take longer than any deadline.
 */
export function withSignsOfLife(
  fs: RawFileSystem,
  { say, monotonicMs }: { readonly say: () => void; readonly monotonicMs: () => number },
): RawFileSystem {
  let saidAt = monotonicMs();
  let readBytes = smallestRead;

  function note(now: number): void {
    if (now - saidAt < sayEveryMs) return;
    saidAt = now;
    say();
  }

  /** An error is an answer too. */
  function noting<T>(call: () => T): T {
    try {
      return call();
    } finally {
      note(monotonicMs());
    }
  }

  function readSome(file: RawFile, target: Uint8Array, position: number): number {
    const startedAt = monotonicMs();
    const count = file.read(target.length <= readBytes ? target : target.subarray(0, readBytes), position);
    const now = monotonicMs();
    if (now - startedAt > slowReadMs) readBytes = smallestRead;
    else if (now - startedAt < fastReadMs && readBytes < target.length) readBytes *= 4;
    note(now);
    return count;
  }

  return {
    platform: fs.platform,
    list: (path) => noting(() => fs.list(path)),
    firstNames: (path, limit) => noting(() => fs.firstNames(path, limit)),
    lstat(path) {
      // The most frequent call by far: no closure, and a failing one is noted by whatever comes next.
      const stat = fs.lstat(path);
      note(monotonicMs());
      return stat;
    },
    enter(path) {
      const entered = noting(() => fs.enter?.(path) ?? null);
      if (entered === null) return null;
      return {
        lstat(name) {
          const stat = entered.lstat(name);
          note(monotonicMs());
          return stat;
        },
        leave: () => entered.leave(),
      };
    },
    stat: (path) => noting(() => fs.stat(path)),
    realPath: (path) => noting(() => fs.realPath(path)),
    volume: (path) => noting(() => fs.volume(path)),
    openRead(path) {
      const file = noting(() => fs.openRead(path));
      return {
        opened: file.opened,
        stat: () => file.stat(),
        read: (target, position) => readSome(file, target, position),
        realPath: () => file.realPath(),
        close: () => file.close(),
      };
    },
  };
}
