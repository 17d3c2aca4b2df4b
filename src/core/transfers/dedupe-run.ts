import type { RawFileStat, RawFolder } from '../ports/changing-file-system.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { FileAfter } from '../ports/transfer-files.ts';
import type { CopyTools } from './fill-copy.ts';
import type { OpenFolder, OpenPlace } from './open-place.ts';
import { stopsAll } from './side.ts';

/** What became of a victim. Its folder still has to be synced. */
export interface Deduped {
  /** null: nothing changed just now. */
  readonly place: OpenPlace | null;
  readonly after: FileAfter | null;
  readonly keeperAfter: FileAfter | null;
  readonly freedBytes: number;
  /** Nobody saw it come free: it is what the plan expected. */
  readonly isEstimate?: true;
}

/** What the duplicates of one run know of each other. */
export class DedupeRun {
  /** Folders whose names changed and are not on the drive yet. */
  private readonly changed = new Map<RawFolder, OpenFolder>();
  private readonly keepers = new Set<string>();
  private readonly proven = new Map<string, RawFileStat>();
  private readonly doubted = new Set<string>();
  readonly tools: CopyTools;

  constructor(tools: CopyTools) {
    this.tools = tools;
  }

  /** From now on it is no victim, whatever a later order says. */
  protect(keeper: RawStat): void {
    if (keeper.fileId !== 0n) this.keepers.add(identityOf(keeper));
  }

  isProtected(victim: RawStat): boolean {
    return victim.fileId !== 0n && this.keepers.has(identityOf(victim));
  }

  /** It was read, has this hash, and is on its drive. */
  remember(keeper: RawFileStat, blake3: Uint8Array): void {
    if (keeper.fileId !== 0n && keeper.ctimeNs > 0n) this.proven.set(contentKey(keeper, blake3), keeper);
  }

  /** Nobody can have changed it since: the time of the last change cannot be set back by any call. */
  isProven(keeper: RawFileStat, blake3: Uint8Array): boolean {
    return this.proven.get(contentKey(keeper, blake3))?.ctimeNs === keeper.ctimeNs;
  }

  /** It could not be synced: whoever meets it again has to look at what its drive has. */
  doubt(keeper: RawStat): void {
    this.doubted.add(identityOf(keeper));
  }

  isDoubted(keeper: RawStat): boolean {
    return this.doubted.has(identityOf(keeper));
  }

  markChanged(place: OpenFolder): void {
    this.changed.set(place.folder, place);
  }

  /** Makes the names of all changed folders durable. The answer says whether that went well for one of them. */
  sync(): (folder: OpenFolder) => boolean {
    const failed = new Set<RawFolder>();
    for (const [folder, { side }] of this.changed) {
      try {
        if (side(() => folder.sync()) !== 'durable') failed.add(folder);
      } catch (thrown) {
        if (stopsAll(thrown)) throw thrown;
        failed.add(folder);
      }
    }
    this.changed.clear();
    return ({ folder }) => !failed.has(folder);
  }
}

function identityOf({ device, fileId }: RawStat): string {
  return `${device} ${fileId}`;
}

function contentKey(stat: RawFileStat, blake3: Uint8Array): string {
  return `${identityOf(stat)} ${stat.size} ${stat.mtimeNs} ${blake3.join(' ')}`;
}
