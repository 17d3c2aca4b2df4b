import fs from 'node:fs';
import { AppError } from '../../core/errors/app-error.ts';
import { linuxNameProblem, windowsNameProblem } from '../../core/paths/segment-rules.ts';
import type {
  BegunSync,
  Durability,
  RawFolder,
  RawNewFile,
  RawReadFile,
} from '../../core/ports/changing-file-system.ts';
import type { RawDirent, RawStat } from '../../core/ports/raw-file-system.ts';
import { cloneFile } from './clone-file.ts';
import { openPastCache } from './direct-read.ts';
import { begunSync } from './durability.ts';
import { changing, type HeldFolder } from './held-folder.ts';
import { moveName } from './move-name.ts';
import { NodeNewFile } from './node-new-file.ts';
import { onlyRegular, openNodeFile, toRawStat } from './node-raw-file.ts';
import { listShownAs } from './node-raw-file-system.ts';
import { codeOf, fromOsError } from './os-error.ts';
import type { NameCalls } from './patient-calls.ts';
import type { SyncsBeside } from './syncs-beside.ts';

const isWindows = process.platform === 'win32';
const nameProblem = isWindows ? windowsNameProblem : linuxNameProblem;
const { O_RDWR, O_CREAT, O_EXCL } = fs.constants;
/** Windows has neither flag; there no file system call follows a link that it makes itself. */
const stayFlags = isWindows ? 0 : fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

export interface NodeFolderParts {
  readonly held: HeldFolder;
  /** Path it was opened by, for messages. */
  readonly path: string;
  readonly calls: NameCalls;
  readonly syncs: SyncsBeside | null;
}

export class NodeFolder implements RawFolder {
  private readonly held: HeldFolder;
  private readonly path: string;
  private readonly calls: NameCalls;
  private readonly syncs: SyncsBeside | null;

  constructor({ held, path, calls, syncs }: NodeFolderParts) {
    this.held = held;
    this.path = path;
    this.calls = calls;
    this.syncs = syncs;
  }

  realPath(): string {
    return reading(this.path, () => this.held.realPath());
  }

  stat(): RawStat {
    return reading(this.path, () => toRawStat(fs.statSync(this.held.self, { bigint: true })));
  }

  lstat(name: string): RawStat {
    const at = this.at(name);
    return reading(this.shown(name), () => toRawStat(fs.lstatSync(at, { bigint: true })));
  }

  list(): readonly RawDirent[] {
    return listShownAs(this.held.self, this.path);
  }

  openRead(name: string): RawReadFile {
    const at = this.at(name);
    return this.held.inside(() => openNodeFile(at, this.shown(name)));
  }

  openReadBack(name: string): RawReadFile {
    const at = this.at(name);
    return this.held.inside(() => openPastCache(at, this.shown(name)));
  }

  createFile(name: string): RawNewFile {
    return this.openNew(name, O_RDWR | O_CREAT | O_EXCL | stayFlags);
  }

  openWrite(name: string): RawNewFile {
    try {
      return this.openNew(name, O_RDWR | stayFlags);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || this.lstat(name).kind === 'file') throw thrown;
      throw this.noFile(name);
    }
  }

  clone(from: RawFolder, fromName: string, name: string): void {
    const source = nodeFolder(from);
    const clone = {
      from: source.at(fromName),
      shownFrom: source.shown(fromName),
      to: this.at(name),
      shownTo: this.shown(name),
    };
    this.held.inside(() => cloneFile(clone));
  }

  link(from: RawFolder, fromName: string, name: string): void {
    const source = nodeFolder(from);
    if (source.lstat(fromName).kind !== 'file') throw source.noFile(fromName);
    const [existing, made] = [source.at(fromName), this.at(name)];
    changing(this.shown(name), () =>
      this.held.inside(() => unlessUnsupported(this.shown(name), () => this.calls.link(existing, made))),
    );
  }

  symlink(target: string, name: string): void {
    const made = this.at(name);
    changing(this.shown(name), () =>
      this.held.inside(() => unlessUnsupported(this.shown(name), () => fs.symlinkSync(target, made, 'file'))),
    );
  }

  moveNoReplace(name: string, to: RawFolder, toName: string): void {
    const target = nodeFolder(to);
    if (this.lstat(name).kind === 'folder') throw this.noFile(name);
    const move = {
      from: this.at(name),
      to: target.at(toName),
      shownTo: target.shown(toName),
      calls: this.calls,
      // Two folders reach the drive in any order: the new name must be there before the old one may go.
      whenLinked: () => (target === this ? undefined : target.sync()),
    };
    changing(move.shownTo, () => this.held.inside(() => target.held.inside(() => moveName(move))));
  }

  remove(name: string): void {
    const at = this.at(name);
    // Node's unlink also takes links to folders on Windows, and nothing else that is no file.
    if (this.lstat(name).kind === 'folder') throw this.noFile(name);
    changing(this.shown(name), () => this.held.inside(() => this.calls.unlink(at)));
  }

  makeFolder(name: string): void {
    const at = this.at(name);
    changing(this.shown(name), () => this.held.inside(() => fs.mkdirSync(at)));
  }

  removeFolder(name: string): void {
    const at = this.at(name);
    changing(this.shown(name), () => {
      try {
        this.held.inside(() => fs.rmdirSync(at));
      } catch (thrown) {
        // POSIX lets a system say either.
        if (codeOf(thrown) !== 'EEXIST') throw thrown;
        throw new AppError('FOLDER_NOT_EMPTY', `“${this.shown(name)}” is not empty.`, { cause: thrown });
      }
    });
  }

  sync(): Durability {
    return changing(this.path, () => this.held.sync());
  }

  beginSync(): BegunSync {
    const { descriptor } = this.held;
    if (descriptor === null || this.syncs === null) return () => this.sync();
    return begunSync(this.syncs, { what: 'all', descriptor, shown: this.path });
  }

  close(): void {
    this.held.close();
  }

  private openNew(name: string, flags: number): RawNewFile {
    const at = this.at(name);
    const shown = this.shown(name);
    const descriptor = changing(shown, () => this.held.inside(() => fs.openSync(at, flags, 0o666)));
    return onlyRegular(new NodeNewFile(descriptor, shown, this.syncs), shown);
  }

  private at(name: string): string {
    const problem = nameProblem(name);
    if (problem !== null) throw new AppError('INVALID_PATH', `“${name}” cannot be used as a name: it ${problem}.`);
    return this.held.at(name);
  }

  private shown(name: string): string {
    const separator = isWindows ? '\\' : '/';
    return this.path.endsWith(separator) ? this.path + name : this.path + separator + name;
  }

  private noFile(name: string): AppError {
    return new AppError('SPECIAL_FILE', `“${this.shown(name)}” is not a file.`);
  }
}

/** What drives without such links answer; EPERM also means a Windows user who may not make any. */
const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EISDIR', 'EINVAL']);

function unlessUnsupported(shown: string, call: () => void): void {
  try {
    call();
  } catch (thrown) {
    if (!cannotLink.has(codeOf(thrown))) throw thrown;
    throw new AppError('UNSUPPORTED', `“${shown}” cannot be a link of that kind on this drive.`, { cause: thrown });
  }
}

function nodeFolder(folder: RawFolder): NodeFolder {
  if (folder instanceof NodeFolder) return folder;
  throw new TypeError('a folder of another file system');
}

function reading<T>(shown: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromOsError(thrown, shown);
  }
}
