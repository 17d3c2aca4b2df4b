/**
 * The machine's file system as the scanner and the hasher see it. Calls are synchronous on purpose: they run inside a
 * location's own I/O process or one of its threads, where a blocking call is 2.6 to 11 times cheaper than a promise and
 * where a hanging one hurts nobody else.
 *
 * Paths are absolute, in the platform's own form. Every call throws `AppError` with a code for what went wrong
 * (FILE_NOT_FOUND, ACCESS_DENIED, NAME_TOO_LONG, IO_FAILED, LOCATION_OFFLINE, TOO_MANY_OPEN_FILES …).
 */
export interface RawFileSystem {
  readonly platform: 'posix' | 'win32';
  /** Names in a folder, in no particular order, without `.` and `..`; kinds are those of the names, links not followed. */
  list(path: string): readonly RawDirent[];
  /** As `list`, but at most `limit` of them: a look into a folder of a million names costs what one into a small one does. */
  firstNames(path: string, limit: number): readonly RawDirent[];
  /** Facts of the name itself; a symbolic link is not followed. */
  lstat(path: string): RawStat;
  /**
   * Goes into a folder, so that many names in it are looked at without resolving their whole paths each time (a sixth
   * of the time of a scan). Missing, or null, where the platform or the thread cannot; paths do the same then.
   */
  enter?(path: string): EnteredFolder | null;
  /** Facts of what the name leads to. */
  stat(path: string): RawStat;
  /** Absolute path with every link resolved. Throws FILE_NOT_FOUND where a link leads nowhere. */
  realPath(path: string): string;
  /**
   * Opens a regular file for reading. The last segment must not be a link (O_NOFOLLOW); special files are refused
   * without blocking on them.
   */
  openRead(path: string): RawFile;
  /** Space and name of the volume that holds a path. */
  volume(path: string): RawVolume;
}

export type RawKind = 'file' | 'folder' | 'link' | 'special';

export interface RawDirent {
  readonly name: string;
  readonly kind: RawKind;
}

export interface EnteredFolder {
  /** As `RawFileSystem.lstat`, of a name in the folder. */
  lstat(name: string): RawStat;
  leave(): void;
}

export interface RawStat {
  readonly kind: RawKind;
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since 1970, as fine as the drive keeps them. */
  readonly mtimeNs: bigint;
  /** Inode or NTFS file index; exceeds 2^53. */
  readonly fileId: bigint;
  readonly device: bigint;
  /** Names of this file on its volume; 1 where the drive does not tell. */
  readonly links: number;
}

export interface RawFile {
  /** Facts from when it was opened, where opening looked at them anyway; saves a call. */
  readonly opened?: RawStat | undefined;
  /** Facts of the open file itself, whatever its name leads to by now. */
  stat(): RawStat;
  /** Reads up to `target.length` bytes at `position`; returns 0 only at the end of the file. */
  read(target: Uint8Array, position: number): number;
  /** Path of what is really open, links resolved, or null where the platform cannot tell. */
  realPath(): string | null;
  close(): void;
}

export interface RawVolume {
  /** Lower-case name such as `ext4`, `ntfs`, `cifs`, `exfat`; `unknown` where the platform does not tell. */
  readonly fileSystem: string;
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  readonly readOnly: boolean | null;
  /** Tells the folder apart from that of another drive mounted in its place; empty where the drive does not tell. */
  readonly identity: string;
  /**
   * Where the folder lies on its drive, as a path that begins with the drive: the same for all mounts that show it. Empty
   * where the platform does not tell.
   */
  readonly place: string;
}
