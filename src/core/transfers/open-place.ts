import { AppError } from '../errors/app-error.ts';
import { normaliseRoot, toAbsolute } from '../paths/absolute-path.ts';
import { relativeTo } from '../paths/containment.ts';
import { foldName } from '../paths/name-folding.ts';
import { existingRelPath, type RelPath } from '../paths/rel-path.ts';
import { nameOf, parentOf } from '../paths/rel-path-parts.ts';
import type { BegunSync, ChangingFileSystem, RawFolder } from '../ports/changing-file-system.ts';
import type { FilePlace } from '../ports/transfer-files.ts';
import { beginSync } from './begin-sync.ts';
import { makeFolders } from './make-folders.ts';
import { escapes, join, separatorOf } from './real-paths.ts';
import { isCode, type Side, sideOf } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

const mostOpenFolders = 256;

/** A folder that is held open, inside its location. */
export interface OpenFolder {
  readonly folder: RawFolder;
  readonly realPath: string;
  readonly realRoot: string;
  readonly side: Side;
  readonly location: string;
  /** No link led here: what is in it has no other path that the index may know it by. */
  readonly isDirect: boolean;
}

/** A name in an open folder. */
export interface OpenPlace extends OpenFolder {
  readonly name: string;
  readonly relPath: RelPath;
}

interface Root {
  readonly path: string;
  readonly real: string;
  readonly device: bigint;
}

/**
 * Opens folders of locations, once for all orders that are carried out together. Names are looked up from the root,
 * links followed only where they end inside of it; what was opened is checked, not its path.
 */
export class OpenPlaces {
  private readonly context: TransferContext;
  private readonly roots = new Map<string, Root>();
  private readonly open = new Map<string, OpenFolder>();
  /** Folders that are open only because folders were made in them. */
  private readonly made = new Set<RawFolder>();
  /** Folders in which folders were made whose names may not be durable yet. */
  private readonly unsure = new Map<RawFolder, Side>();
  /** Paths of folders whose names are durable, or will be by what is unsure. */
  private readonly sure = new Set<string>();
  /** Paths of folders that became unsure since the last sync was begun. */
  private readonly newlyUnsure = new Set<string>();
  private readonly gained = new Set<OpenFolder>();
  private readonly lost = new Set<OpenFolder>();

  constructor(context: TransferContext) {
    this.context = context;
  }

  /** @throws FILE_NOT_FOUND where its folder is missing, LINK_ESCAPES, INVALID_PATH, LOCATION_OFFLINE. */
  openParent(place: FilePlace): OpenPlace {
    return this.openIn(place, false);
  }

  /**
   * As `openParent`, but folders that are missing are made, and made durable at once; or, which several can share, by the
   * next `beginSync`.
   */
  makeParent(place: FilePlace, { isSyncedLater = false } = {}): OpenPlace {
    return this.openIn(place, true, isSyncedLater);
  }

  /** What a link in the place itself leads to, which must be a file inside the location. */
  followLink(place: OpenPlace): OpenPlace {
    const { fs } = this.context;
    const real = place.side(() => fs.realPath(join(fs, place.realPath, place.name)));
    const relPath = relativeTo(place.realRoot, real, separatorOf(fs));
    if (relPath === null || relPath === '') throw escapes(place.relPath, place.location);
    const found = existingRelPath(relPath, fs.platform);
    const folder = this.hold(place.location, parentOf(found), () => ({
      path: real.slice(0, real.length - nameOf(found).length - 1) || separatorOf(fs),
      realRoot: place.realRoot,
    }));
    return { ...folder, name: nameOf(found), relPath: place.relPath };
  }

  /** Names were made in the folder, which `sync` makes durable. */
  markGain(folder: OpenFolder): void {
    this.gained.add(folder);
  }

  /** Names were removed from the folder. */
  markLoss(folder: OpenFolder): void {
    this.lost.add(folder);
  }

  /**
   * Makes the names of all folders that changed durable, gains before losses: a file that was moved must be on the drive
   * under its new name before its old one goes. The answer says how that went for one folder, or throws.
   */
  sync(): (folder: OpenFolder) => boolean {
    const outcomes = new Map<RawFolder, SyncOutcome>();
    for (const { folder, side } of new Set([...this.gained, ...this.lost])) {
      if (!outcomes.has(folder))
        outcomes.set(
          folder,
          outcomeOf(() => side(() => folder.sync())),
        );
    }
    this.gained.clear();
    this.lost.clear();
    return ({ folder }) => answer(outcomes.get(folder) ?? true);
  }

  /**
   * Begins to make durable the names that were made since the last time, those of folders included. The answer waits for
   * all of it, and says how it went for one folder, or throws; one without those above it is lost with them.
   */
  beginSync(): (folder: OpenFolder) => boolean {
    this.newlyUnsure.clear();
    const begun = new Map<RawFolder, BegunSync>();
    for (const [folder, side] of this.unsure) begun.set(folder, beginSync(folder, side));
    const above = [...begun.keys()];
    for (const { folder, side } of this.gained) {
      if (!begun.has(folder)) begun.set(folder, beginSync(folder, side));
    }
    this.gained.clear();
    let outcomes: Map<RawFolder, SyncOutcome> | null = null;
    const wait = (): Map<RawFolder, SyncOutcome> => {
      const ended = new Map([...begun].map(([folder, sync]) => [folder, outcomeOf(sync)]));
      for (const folder of above) if (ended.get(folder) === true) this.unsure.delete(folder);
      return ended;
    };
    return ({ folder }) => {
      outcomes ??= wait();
      for (const higher of above) if (!answer(outcomes.get(higher) ?? true)) return false;
      return answer(outcomes.get(folder) ?? true);
    };
  }

  /** Call it when nothing is under way: lets go of all folders when they are many, each of which is an open file. */
  letGoOfMany(): void {
    if (this.hasMany && this.unsure.size === 0) this.close();
  }

  get hasMany(): boolean {
    return this.open.size + this.made.size > mostOpenFolders;
  }

  close(): void {
    for (const { folder } of this.open.values()) folder.close();
    for (const folder of this.made) folder.close();
    this.open.clear();
    this.made.clear();
    this.unsure.clear();
    this.sure.clear();
    this.newlyUnsure.clear();
  }

  private readonly syncLater = (folder: RawFolder, side: Side): void => {
    this.made.add(folder);
    this.unsure.set(folder, side);
  };

  /** A folder that is there may have been made by another thread a moment ago, and its name not be durable yet. */
  private distrust(path: string, realRoot: string, side: Side): void {
    const { fs } = this.context;
    const separator = separatorOf(fs);
    if (relativeTo(realRoot, path, separator) === null) return;
    for (let at = path; at.length > realRoot.length && !this.sure.has(at); ) {
      this.sure.add(at);
      at = at.slice(0, Math.max(realRoot.length, at.lastIndexOf(separator)));
      if (this.newlyUnsure.has(at)) continue;
      this.newlyUnsure.add(at);
      const above = at;
      try {
        this.syncLater(
          side(() => fs.openFolder(above)),
          side,
        );
      } catch (thrown) {
        // Whoever may not open it, may not make anything in it either.
        if (!isCode(thrown, 'ACCESS_DENIED')) throw thrown;
      }
    }
  }

  private openIn(place: FilePlace, makesFolders: boolean, isSyncedLater = false): OpenPlace {
    const { fs } = this.context;
    const relPath = existingRelPath(place.relPath, fs.platform);
    if (relPath === '') throw new AppError('INVALID_PATH', 'The folder of a location itself is no file in it.');
    const side = sideOf(this.context, place.location);
    const root = this.rootOf(place, side);
    const parent = parentOf(relPath);
    const path = toAbsolute(normaliseRoot(root.real, fs.platform), parent, fs.platform);
    const found = (): string | null => {
      try {
        const real = side(() => fs.realPath(path));
        return makesFolders && side(() => fs.stat(real)).kind !== 'folder' ? null : real;
      } catch (thrown) {
        if (makesFolders && isCode(thrown, 'FILE_NOT_FOUND')) return null;
        throw thrown;
      }
    };
    const syncLater = isSyncedLater ? (folder: RawFolder) => this.syncLater(folder, side) : undefined;
    const folder = this.hold(place.location, parent, () => {
      const there = found();
      if (there !== null && isSyncedLater && this.context.isBeside) this.distrust(there, root.real, side);
      const path = there ?? makeFolders({ fs, side, realRoot: root.real, relPath: parent, syncLater });
      return { path, realRoot: root.real };
    });
    return { ...folder, name: nameOf(relPath), relPath };
  }

  private hold(
    location: string,
    relFolder: RelPath,
    locate: () => { readonly path: string; readonly realRoot: string },
  ): OpenFolder {
    const key = `${location}\0${relFolder}`;
    const known = this.open.get(key);
    if (known && known.side(() => known.folder.realPath()) === known.realPath) return known;
    const side = sideOf(this.context, location);
    const { path, realRoot } = locate();
    const folder = side(() => this.context.fs.openFolder(path));
    // One that was moved meanwhile keeps being held until all is done: it may hold files of orders that are not done.
    if (known) this.open.set(`${key}\0${this.open.size}`, known);
    try {
      const realPath = side(() => folder.realPath());
      const below = relativeTo(realRoot, realPath, separatorOf(this.context.fs));
      if (below === null) throw escapes(relFolder, location);
      const opened = {
        folder,
        realPath,
        realRoot,
        side,
        location,
        isDirect: isSamePath(below, relFolder, this.context.fs),
      };
      this.open.set(key, opened);
      return opened;
    } catch (thrown) {
      folder.close();
      throw thrown;
    }
  }

  /** A root that is missing or on another drive than a moment ago is a drive that was pulled out, not an empty one. */
  private rootOf({ location, root }: FilePlace, side: Side): Root {
    const { fs } = this.context;
    const known = this.roots.get(location);
    try {
      const { device, kind } = side(() => fs.stat(root));
      if (kind !== 'folder' || (known && (known.device !== device || known.path !== root)))
        throw offline(root, location);
      if (known) return known;
      const opened = { path: root, real: side(() => fs.realPath(root)), device };
      this.roots.set(location, opened);
      return opened;
    } catch (thrown) {
      throw isCode(thrown, 'FILE_NOT_FOUND') ? offline(root, location) : thrown;
    }
  }
}

type SyncOutcome = boolean | AppError;

/** @throws LOCATION_OFFLINE */
function outcomeOf(sync: BegunSync): SyncOutcome {
  try {
    return sync() === 'durable';
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'LOCATION_OFFLINE') throw thrown;
    return thrown;
  }
}

function answer(outcome: SyncOutcome): boolean {
  if (outcome instanceof AppError) throw outcome;
  return outcome;
}

function isSamePath(found: string, asked: string, fs: ChangingFileSystem): boolean {
  const rules = { caseSensitive: fs.platform === 'posix', unicodeSensitive: fs.platform === 'posix' };
  return foldName(found, rules) === foldName(asked, rules);
}

function offline(root: string, location: string): AppError {
  return new AppError('LOCATION_OFFLINE', `“${root}” is not there any more.`, {
    hint: 'Check that the drive or share is connected, then check the location again.',
    location,
  });
}
