import type {
  BegunSync,
  ChangingFileSystem,
  RawFolder,
  RawNewFile,
  RawReadFile,
} from '../../core/ports/changing-file-system.ts';
import { withSignsOfLife } from '../location-host/signs-of-life.ts';
import { type ControlWords, noteFlushing, notePulse } from './transfer-control.ts';

/** Pieces start small and grow while the drive is fast, so that even a very slow one shows that it moves. */
const smallestPiece = 64 * 1024;
const fastMs = 50;
const slowMs = 1_000;

/** A file system whose calls show in the control words: that they return, and that one which may take long has begun. */
export function watchFileSystem(fs: ChangingFileSystem, control: ControlWords): ChangingFileSystem {
  const watch = new Watch(control);
  const monotonicMs = (): number => performance.now();
  return {
    ...withSignsOfLife(fs, { say: () => notePulse(control), monotonicMs }),
    openFolder: (path) =>
      new WatchedFolder(
        watch.over(() => fs.openFolder(path)),
        watch,
      ),
  };
}

class Watch {
  readonly reads = new Pieces();
  readonly writes = new Pieces();
  private readonly control: ControlWords;

  constructor(control: ControlWords) {
    this.control = control;
  }

  /** An error is an answer too. */
  over<T>(call: () => T): T {
    try {
      return call();
    } finally {
      notePulse(this.control);
    }
  }

  /** A call that stores or frees what may be many gigabytes, or that waits for another program to let go of a file. */
  overFlush<T>(call: () => T): T {
    noteFlushing(this.control, true);
    try {
      return call();
    } finally {
      noteFlushing(this.control, false);
    }
  }

  /** What goes on beside other calls may be waited for when it is asked for. */
  beginning(begun: BegunSync): BegunSync {
    return () => this.overFlush(begun);
  }
}

/** How many bytes a single call may move. */
class Pieces {
  bytes = smallestPiece;

  note(startedAt: number): void {
    const took = performance.now() - startedAt;
    if (took > slowMs) this.bytes = smallestPiece;
    else if (took < fastMs && this.bytes < 64 * smallestPiece) this.bytes *= 4;
  }
}

class WatchedFolder implements RawFolder {
  private readonly inner: RawFolder;
  private readonly watch: Watch;

  constructor(inner: RawFolder, watch: Watch) {
    this.inner = inner;
    this.watch = watch;
  }

  realPath(): string {
    return this.watch.over(() => this.inner.realPath());
  }
  stat() {
    return this.watch.over(() => this.inner.stat());
  }
  lstat(name: string) {
    return this.watch.over(() => this.inner.lstat(name));
  }
  list() {
    return this.watch.over(() => this.inner.list());
  }
  openRead(name: string): RawReadFile {
    return watchReading(
      this.watch.over(() => this.inner.openRead(name)),
      this.watch,
    );
  }
  openReadBack(name: string): RawReadFile {
    return watchReading(
      this.watch.over(() => this.inner.openReadBack(name)),
      this.watch,
    );
  }
  createFile(name: string): RawNewFile {
    return watchWriting(
      this.watch.over(() => this.inner.createFile(name)),
      this.watch,
    );
  }
  openWrite(name: string): RawNewFile {
    return watchWriting(
      this.watch.over(() => this.inner.openWrite(name)),
      this.watch,
    );
  }
  clone(from: RawFolder, fromName: string, name: string): void {
    this.watch.overFlush(() => this.inner.clone(itself(from), fromName, name));
  }
  link(from: RawFolder, fromName: string, name: string): void {
    this.watch.overFlush(() => this.inner.link(itself(from), fromName, name));
  }
  symlink(target: string, name: string): void {
    this.watch.over(() => this.inner.symlink(target, name));
  }
  moveNoReplace(name: string, to: RawFolder, toName: string): void {
    this.watch.overFlush(() => this.inner.moveNoReplace(name, itself(to), toName));
  }
  remove(name: string): void {
    this.watch.overFlush(() => this.inner.remove(name));
  }
  makeFolder(name: string): void {
    this.watch.over(() => this.inner.makeFolder(name));
  }
  removeFolder(name: string): void {
    this.watch.over(() => this.inner.removeFolder(name));
  }
  sync() {
    return this.watch.overFlush(() => this.inner.sync());
  }
  beginSync(): BegunSync {
    return this.watch.beginning(this.inner.beginSync?.() ?? (() => this.inner.sync()));
  }
  close(): void {
    this.watch.over(() => this.inner.close());
  }

  static innerOf(folder: RawFolder): RawFolder {
    return folder instanceof WatchedFolder ? folder.inner : folder;
  }
}

/** The file system knows its own folders only. */
const itself = (folder: RawFolder): RawFolder => WatchedFolder.innerOf(folder);

function watchReading(file: RawReadFile, watch: Watch): RawReadFile {
  const { reads } = watch;
  return {
    stat: () => watch.over(() => file.stat()),
    sync: () => watch.overFlush(() => file.sync()),
    read(target, position) {
      const startedAt = performance.now();
      const piece = target.length <= reads.bytes ? target : target.subarray(0, reads.bytes);
      const count = watch.over(() => file.read(piece, position));
      reads.note(startedAt);
      return count;
    },
    realPath: () => watch.over(() => file.realPath()),
    close: () => watch.over(() => file.close()),
  };
}

function watchWriting(file: RawNewFile, watch: Watch): RawNewFile {
  const { writes } = watch;
  return {
    ...watchReading(file, watch),
    write(bytes, position) {
      for (let done = 0; done < bytes.length; ) {
        const startedAt = performance.now();
        const piece = bytes.subarray(done, done + writes.bytes);
        watch.over(() => file.write(piece, position + done));
        writes.note(startedAt);
        done += piece.length;
      }
    },
    truncate: (size) => watch.overFlush(() => file.truncate(size)),
    syncData: () => watch.overFlush(() => file.syncData()),
    beginSync: () => watch.beginning(file.beginSync?.() ?? (() => file.sync())),
    beginSyncData: () => watch.beginning(file.beginSyncData?.() ?? (() => file.syncData())),
    setMtime: (mtimeNs) => watch.over(() => file.setMtime(mtimeNs)),
    // Shares store what is left when a file is closed.
    close: () => watch.overFlush(() => file.close()),
  };
}
