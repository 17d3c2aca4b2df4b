import { AppError } from '../errors/app-error.ts';
import { foldName } from '../paths/name-folding.ts';
import type { BegunSync, Durability, RawNewFile, RawReadFile } from '../ports/changing-file-system.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import { beginSync } from './begin-sync.ts';
import type { OpenPlace } from './open-place.ts';
import { isCode, orNull, quietly, stopsAll } from './side.ts';

/**
 * The unfinished file of a copy, beside the name it will have. Whatever happens, only the file that this order made or
 * went on with is written to, published or removed: it is known by its file id, not by its name.
 */
export class PartFile {
  readonly target: OpenPlace;
  readonly name: string;
  private file: RawNewFile | null = null;
  private storing: BegunSync | null = null;
  private isOurs = false;
  private fileId: bigint | null = null;
  private device: bigint | null = null;

  constructor(target: OpenPlace, name: string) {
    this.target = target;
    this.name = name;
  }

  /** @throws TARGET_EXISTS where something has the name, which then is not ours. */
  create(): RawNewFile {
    const { folder, side } = this.target;
    return this.own(side(() => folder.createFile(this.name)));
  }

  /** Goes on with the file of an earlier attempt. */
  adopt(): RawNewFile {
    const { folder, side } = this.target;
    return this.own(side(() => folder.openWrite(this.name)));
  }

  /** What the drive has of the file that was adopted. */
  openEarlier(): RawReadFile {
    const { folder, side, relPath, location } = this.target;
    const file = side(() => folder.openReadBack(this.name));
    try {
      if (this.isThis(side(() => file.stat()))) return file;
    } catch (thrown) {
      file.close();
      throw thrown;
    }
    file.close();
    throw new AppError('FILE_CHANGED', `What was copied of “${relPath}” was replaced by another program.`, {
      location,
    });
  }

  /** @throws UNSUPPORTED where files cannot share blocks. */
  cloneFrom(source: OpenPlace): void {
    const { folder, side } = this.target;
    side(() => folder.clone(source.folder, source.name, this.name));
    this.isOurs = true;
    this.adopt();
  }

  /** What a drive that refused to share blocks may have made, and failed to take away again. */
  removeEmpty(): void {
    const { folder, side } = this.target;
    const left = orNull(() => side(() => folder.lstat(this.name)));
    if (left?.kind === 'file' && left.size === 0 && left.links === 1) side(() => folder.remove(this.name));
  }

  /**
   * All bytes are written: begins to bring them to the drive. The time comes before the sync, so that it is as durable as
   * the bytes; a drive that does not let it be set keeps its own.
   */
  beginStoring(mtimeNs: bigint): void {
    const { side } = this.target;
    const file = this.requireOpen();
    try {
      side(() => file.setMtime(mtimeNs));
    } catch (thrown) {
      if (!isCode(thrown, 'ACCESS_DENIED', 'UNSUPPORTED')) throw thrown;
    }
    this.storing = beginSync(file, side);
  }

  /** All of it is on the drive, with its time, and closed. */
  endStoring(): Durability {
    const durability = this.requireStoring()();
    this.close();
    return durability;
  }

  /** Gives it its final name, which must be free. Returns its facts under that name. */
  publish(): RawStat {
    const { folder, side, name, relPath } = this.target;
    try {
      side(() => folder.moveNoReplace(this.name, folder, name));
    } catch (thrown) {
      // It may have got the new name and kept the old one.
      if (stopsAll(thrown) || !this.hasName(name)) throw thrown;
      orNull(() => side(() => folder.remove(this.name)));
    }
    const stat = side(() => folder.lstat(name));
    if (this.isThis(stat)) return stat;
    throw new AppError('FILE_CHANGED', `“${relPath}” was replaced by another program right after it was copied.`, {
      hint: 'Refresh the location to see what is there now.',
    });
  }

  /** Removes it, if it is still there under its own name. */
  discard(): void {
    this.close();
    if (!this.isOurs) return;
    const { folder, side } = this.target;
    quietly(() => {
      if (this.hasName(this.name)) side(() => folder.remove(this.name));
    });
  }

  close(): void {
    this.file?.close();
    this.file = null;
  }

  /** Does the file that a stat is about count as this one? */
  isThis(stat: RawStat): boolean {
    return stat.kind === 'file' && (this.fileId === null || stat.fileId === this.fileId);
  }

  /** Is what `other` has under its name this very file, which is being copied? */
  isHeldAs(stat: RawStat, other: PartFile): boolean {
    if (this.device !== stat.device || !this.isThis(stat)) return false;
    return stat.fileId !== 0n || isTwin(this, other);
  }

  private hasName(name: string): boolean {
    const { folder, side } = this.target;
    const stat = orNull(() => side(() => folder.lstat(name)));
    // Drives without file ids tell nothing by them: there a name that is not the part's own is not ours.
    return stat !== null && this.isThis(stat) && (name === this.name || (this.fileId ?? 0n) !== 0n);
  }

  private own(file: RawNewFile): RawNewFile {
    this.isOurs = true;
    this.file = file;
    const { fileId, device } = this.target.side(() => file.stat());
    this.fileId = fileId;
    this.device = device;
    return file;
  }

  private requireStoring(): BegunSync {
    if (this.storing) return this.storing;
    throw new RangeError('the unfinished file is not being stored');
  }

  private requireOpen(): RawNewFile {
    if (this.file) return this.file;
    throw new RangeError('the unfinished file is not open');
  }
}

/** On drives that give files no ids: names that some drive takes for one. */
function isTwin(one: PartFile, other: PartFile): boolean {
  const rules = { caseSensitive: false, unicodeSensitive: false };
  return (
    foldName(one.target.realPath, rules) === foldName(other.target.realPath, rules) &&
    foldName(one.name, rules) === foldName(other.name, rules)
  );
}
