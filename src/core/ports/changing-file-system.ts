import type { RawDirent, RawFile, RawFileSystem, RawStat } from './raw-file-system.ts';

/**
 * The file system as the transfers see it: everything `RawFileSystem` reads, and folders in which names can be made and
 * removed. Synchronous, for the process of its own in which transfers run. There is no call here that replaces a file
 * that is there: what is made is new, and what is published finds its name free or fails.
 */
export interface ChangingFileSystem extends RawFileSystem {
  /**
   * Opens a folder; its last name must not be a link. Whoever holds it works in that very folder, whatever its path
   * leads to later (Linux: every call goes through its descriptor).
   */
  openFolder(path: string): RawFolder;
}

/**
 * `durable`: what was written is on the drive. `unknown`: the drive cannot say (EINVAL, ENOTSUP, EPERM of fsync; folders
 * on Windows): nothing that this is the only copy of may be removed on the strength of it.
 */
export type Durability = 'durable' | 'unknown';

/**
 * A sync that goes on while its caller does other things; answers as `sync` would have, once, waiting for it where it
 * must. What was written after it began may or may not be covered. Who cannot do that leaves `beginSync` out.
 */
export type BegunSync = () => Durability;

/** What an open file says of itself. */
export interface RawFileStat extends RawStat {
  /** Time of the last change of content or facts, nanoseconds since 1970; 0 where the platform has none. */
  readonly ctimeNs: bigint;
  /** Space that the content takes on its drive: less than the size where the file has holes. The size where nobody tells. */
  readonly allocatedBytes: number;
}

/** An open folder. Names are single names, never paths. */
export interface RawFolder {
  /** Where the open folder really lies, links resolved. */
  realPath(): string;
  stat(): RawStat;
  lstat(name: string): RawStat;
  list(): readonly RawDirent[];
  /** As `RawFileSystem.openRead`. */
  openRead(name: string): RawReadFile;
  /**
   * As `openRead`, for comparing with what was written: past the cache of this machine where the platform can do that
   * (Linux, on drives that take O_DIRECT), else from wherever the system has the bytes.
   */
  openReadBack(name: string): RawReadFile;
  /** Makes an empty file; throws TARGET_EXISTS where the name is taken, by whatever. */
  createFile(name: string): RawNewFile;
  /** Opens a file for going on with it; FILE_NOT_FOUND where it is gone, SPECIAL_FILE where it is no file. */
  openWrite(name: string): RawNewFile;
  /** Makes `name` share the blocks of a file in another folder. @throws UNSUPPORTED, leaving nothing, where it cannot. */
  clone(from: RawFolder, fromName: string, name: string): void;
  /** Gives a file of another folder of the same volume one more name, here. @throws TARGET_EXISTS, UNSUPPORTED */
  link(from: RawFolder, fromName: string, name: string): void;
  /** Makes a symbolic link to a file. @throws TARGET_EXISTS, UNSUPPORTED where the drive or the user may not have any. */
  symlink(target: string, name: string): void;
  /**
   * Gives a file (or a link, as itself) another name, here or in another folder of the same volume. Never replaces:
   * TARGET_EXISTS where the new name is taken, also when it was taken a moment ago; UNSUPPORTED between volumes. A kill
   * or an error in the middle leaves the file under the old name, under both, or (only on drives without hard links)
   * beside an empty file under the new one; at no moment, power cuts included, is it under neither.
   */
  moveNoReplace(name: string, to: RawFolder, toName: string): void;
  /** Removes the name of a file; FILE_NOT_FOUND where it is gone, SPECIAL_FILE where it is a folder. */
  remove(name: string): void;
  /** TARGET_EXISTS where the name is taken. */
  makeFolder(name: string): void;
  /** FOLDER_NOT_EMPTY where it still holds something. */
  removeFolder(name: string): void;
  /** Makes names that were made or removed here durable. */
  sync(): Durability;
  /** As `sync`, see `BegunSync`. */
  beginSync?(): BegunSync;
  close(): void;
}

export interface RawReadFile extends RawFile {
  stat(): RawFileStat;
  /** Content and facts durable, whoever wrote them. `unknown` also where the platform asks for a file open for writing. */
  sync(): Durability;
}

export interface RawNewFile extends RawReadFile {
  /** Writes all of `bytes`. */
  write(bytes: Uint8Array, position: number): void;
  /** Cuts the file off. */
  truncate(size: number): void;
  /** Content durable; facts such as the time maybe not. */
  syncData(): Durability;
  /** As `sync` and `syncData`, see `BegunSync`; the file stays open until the answer was asked for. */
  beginSync?(): BegunSync;
  beginSyncData?(): BegunSync;
  /** As precisely as the drive keeps it; read it back with `stat`. */
  setMtime(mtimeNs: bigint): void;
}
