import type {
  ChangingFileSystem,
  RawFolder,
  RawNewFile,
  RawReadFile,
} from '../../src/core/ports/changing-file-system.ts';
import type { RawFile, RawFileSystem, RawStat } from '../../src/core/ports/raw-file-system.ts';

export interface AliasOptions {
  /** Files have other ids under the alias, as on shares that make ids up from paths. */
  readonly liesAboutIds: boolean;
  /** Facts of a name are told from memory for ever once they were asked for, as drives in the network do for a while. */
  readonly remembers: boolean;
}

/**
 * A file system that shows one folder under a second path, which nothing tells: no link, and where it lies about ids no
 * common id either.
 */
export class AliasedFileSystem implements ChangingFileSystem {
  readonly platform: RawFileSystem['platform'];
  private readonly inner: ChangingFileSystem;
  private readonly alias: string;
  private readonly real: string;
  private readonly options: AliasOptions;
  private readonly known = new Map<string, RawStat>();

  constructor(inner: ChangingFileSystem, alias: string, real: string, options: AliasOptions) {
    this.platform = inner.platform;
    this.inner = inner;
    this.alias = alias;
    this.real = real;
    this.options = options;
  }

  list(path: string) {
    return this.inner.list(this.map(path));
  }
  firstNames(path: string, limit: number) {
    return this.inner.firstNames(this.map(path), limit);
  }
  lstat(path: string): RawStat {
    return this.tell(path, this.inner.lstat(this.map(path)));
  }
  stat(path: string): RawStat {
    return this.tell(path, this.inner.stat(this.map(path)));
  }
  realPath(path: string): string {
    return this.shown(path, this.inner.realPath(this.map(path)));
  }
  openRead(path: string): RawFile {
    const file = this.inner.openRead(this.map(path));
    return {
      stat: () => this.tell(path, file.stat()),
      read: (target, position) => file.read(target, position),
      realPath: () => {
        const real = file.realPath();
        return real && this.shown(path, real);
      },
      close: () => file.close(),
    };
  }
  volume(path: string) {
    return this.inner.volume(this.map(path));
  }

  openFolder(path: string): RawFolder {
    const folder = this.inner.openFolder(this.map(path));
    const tell = <T extends RawStat>(stat: T): T => this.tell(path, stat);
    const reading = (file: RawReadFile): RawReadFile => ({
      stat: () => tell(file.stat()),
      sync: () => file.sync(),
      read: (target, position) => file.read(target, position),
      realPath: () => file.realPath(),
      close: () => file.close(),
    });
    const writing = (file: RawNewFile): RawNewFile => ({
      ...reading(file),
      write: (bytes, position) => file.write(bytes, position),
      truncate: (size) => file.truncate(size),
      syncData: () => file.syncData(),
      setMtime: (mtimeNs) => file.setMtime(mtimeNs),
    });
    const aliased: AliasedFolder = {
      inner: folder,
      realPath: () => this.shown(path, folder.realPath()),
      stat: () => tell(folder.stat()),
      lstat: (name) => this.remember(`${path}/${name}`, () => tell(folder.lstat(name))),
      list: () => folder.list(),
      openRead: (name) => reading(folder.openRead(name)),
      openReadBack: (name) => reading(folder.openReadBack(name)),
      createFile: (name) => writing(folder.createFile(name)),
      openWrite: (name) => writing(folder.openWrite(name)),
      clone: (from, fromName, name) => folder.clone(innerOf(from), fromName, name),
      link: (from, fromName, name) => folder.link(innerOf(from), fromName, name),
      symlink: (target, name) => folder.symlink(target, name),
      moveNoReplace: (name, to, toName) => {
        this.known.delete(`${path}/${name}`);
        folder.moveNoReplace(name, innerOf(to), toName);
      },
      remove: (name) => {
        this.known.delete(`${path}/${name}`);
        folder.remove(name);
      },
      makeFolder: (name) => folder.makeFolder(name),
      removeFolder: (name) => folder.removeFolder(name),
      sync: () => folder.sync(),
      close: () => folder.close(),
    };
    return aliased;
  }

  private remember(path: string, ask: () => RawStat): RawStat {
    const known = this.options.remembers ? this.known.get(path) : undefined;
    const stat = known ?? ask();
    this.known.set(path, stat);
    return stat;
  }

  private tell<T extends RawStat>(path: string, stat: T): T {
    if (!this.options.liesAboutIds || !this.isAlias(path)) return stat;
    return { ...stat, fileId: stat.fileId + 1_000_000n };
  }

  private isAlias(path: string): boolean {
    return path === this.alias || path.startsWith(`${this.alias}/`);
  }

  private map(path: string): string {
    return this.isAlias(path) ? this.real + path.slice(this.alias.length) : path;
  }

  private shown(asked: string, real: string): string {
    return this.isAlias(asked) ? this.alias + real.slice(this.real.length) : real;
  }
}

interface AliasedFolder extends RawFolder {
  readonly inner: RawFolder;
}

function innerOf(folder: RawFolder): RawFolder {
  return 'inner' in folder ? (folder as AliasedFolder).inner : folder;
}
