import type { Durability, RawFolder, RawNewFile, RawReadFile } from '../../core/ports/changing-file-system.ts';
import type { RawDirent, RawStat } from '../../core/ports/raw-file-system.ts';

export type RawOp =
  | 'list'
  | 'firstNames'
  | 'lstat'
  | 'stat'
  | 'realPath'
  | 'openRead'
  | 'volume'
  | 'read'
  | 'fstat'
  | 'openFolder'
  | 'openReadBack'
  | 'createFile'
  | 'openWrite'
  | 'clone'
  | 'link'
  | 'symlink'
  | 'move'
  /** Between the two steps of a move; only the file system in memory tells of it. */
  | 'midway'
  | 'remove'
  | 'makeFolder'
  | 'removeFolder'
  | 'syncFolder'
  | 'write'
  | 'truncate'
  | 'syncData'
  | 'sync'
  | 'setMtime';

/** Makes a call through the faults. */
export type FaultyCall = <T>(op: RawOp, path: string, call: () => T) => T;

/** An open folder some of whose calls go wrong. */
export class FaultyFolder implements RawFolder {
  private readonly inner: RawFolder;
  private readonly path: string;
  private readonly call: FaultyCall;

  constructor(inner: RawFolder, path: string, call: FaultyCall) {
    this.inner = inner;
    this.path = path;
    this.call = call;
  }

  realPath(): string {
    return this.call('realPath', this.path, () => this.inner.realPath());
  }

  stat(): RawStat {
    return this.call('fstat', this.path, () => this.inner.stat());
  }

  lstat(name: string): RawStat {
    return this.call('lstat', this.at(name), () => this.inner.lstat(name));
  }

  list(): readonly RawDirent[] {
    return this.call('list', this.path, () => this.inner.list());
  }

  openRead(name: string): RawReadFile {
    return this.reading(
      name,
      this.call('openRead', this.at(name), () => this.inner.openRead(name)),
    );
  }

  openReadBack(name: string): RawReadFile {
    return this.reading(
      name,
      this.call('openReadBack', this.at(name), () => this.inner.openReadBack(name)),
    );
  }

  createFile(name: string): RawNewFile {
    return this.writing(
      name,
      this.call('createFile', this.at(name), () => this.inner.createFile(name)),
    );
  }

  openWrite(name: string): RawNewFile {
    return this.writing(
      name,
      this.call('openWrite', this.at(name), () => this.inner.openWrite(name)),
    );
  }

  clone(from: RawFolder, fromName: string, name: string): void {
    this.call('clone', this.at(name), () => this.inner.clone(innerOf(from), fromName, name));
  }

  link(from: RawFolder, fromName: string, name: string): void {
    this.call('link', this.at(name), () => this.inner.link(innerOf(from), fromName, name));
  }

  symlink(target: string, name: string): void {
    this.call('symlink', this.at(name), () => this.inner.symlink(target, name));
  }

  moveNoReplace(name: string, to: RawFolder, toName: string): void {
    this.call('move', this.at(name), () => this.inner.moveNoReplace(name, innerOf(to), toName));
  }

  remove(name: string): void {
    this.call('remove', this.at(name), () => this.inner.remove(name));
  }

  makeFolder(name: string): void {
    this.call('makeFolder', this.at(name), () => this.inner.makeFolder(name));
  }

  removeFolder(name: string): void {
    this.call('removeFolder', this.at(name), () => this.inner.removeFolder(name));
  }

  sync(): Durability {
    return this.call('syncFolder', this.path, () => this.inner.sync());
  }

  close(): void {
    this.inner.close();
  }

  static innerOf(folder: RawFolder): RawFolder {
    return folder instanceof FaultyFolder ? folder.inner : folder;
  }

  private at(name: string): string {
    return `${this.path}/${name}`;
  }

  private reading(name: string, file: RawReadFile): RawReadFile {
    const path = this.at(name);
    return {
      stat: () => this.call('fstat', path, () => file.stat()),
      sync: () => this.call('sync', path, () => file.sync()),
      read: (target, position) => this.call('read', path, () => file.read(target, position)),
      realPath: () => file.realPath(),
      close: () => file.close(),
    };
  }

  private writing(name: string, file: RawNewFile): RawNewFile {
    const path = this.at(name);
    return {
      ...this.reading(name, file),
      write: (bytes, position) => this.call('write', path, () => file.write(bytes, position)),
      truncate: (size) => this.call('truncate', path, () => file.truncate(size)),
      syncData: () => this.call('syncData', path, () => file.syncData()),
      setMtime: (mtimeNs) => this.call('setMtime', path, () => file.setMtime(mtimeNs)),
    };
  }
}

function innerOf(folder: RawFolder): RawFolder {
  return FaultyFolder.innerOf(folder);
}
