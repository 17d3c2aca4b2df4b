import type { ScanProblem } from './location-files.ts';

/**
 * Where the index survives a restart. A cache: losing it costs a rescan, never a file. All calls of one store take
 * effect in the order they were made; a rejected write leaves what was there before.
 */
export interface CatalogStore {
  /** What `load` is going to give, in numbers alone: known at once, however large the location is. */
  count(location: string, root: string): Promise<StoredCount | null>;
  /**
   * Everything stored of a location, folders in batches. Resolves with null when nothing is stored. What was stored of
   * another root under this id is dropped.
   */
  load(
    location: string,
    root: string,
    onFolders: (folders: readonly StoredFolder[]) => void,
  ): Promise<StoredLocation | null>;
  /** Stores folders, replacing those of the same relPath, and removes others, in one transaction. */
  saveFolders(location: string, folders: readonly StoredFolder[], removed: readonly string[]): Promise<void>;
  saveLocation(location: string, stored: StoredLocation): Promise<void>;
  /** Drops all that is stored of a location, but not the hashes of its files. */
  forget(location: string): Promise<void>;
  /** Adds to the hash cache, which survives `forget` and rebuilds. */
  rememberHashes(records: readonly HashRecord[]): Promise<void>;
  /** false while no file was ever hashed, which saves looking every new file up. */
  hasHashes(): Promise<boolean>;
  /** Looks files up in the hash cache; null where size, time and identity do not all agree. */
  recallHashes(keys: readonly HashKey[]): Promise<readonly (HashRecord | null)[]>;
  /** Adds or replaces a scan for duplicates. Beyond the newest `keptScans`, scans go, with their parts. */
  saveDuplicateScan(scan: StoredDuplicateScan): Promise<void>;
  /** Part after part, so that no message is large. */
  saveDuplicatePart(scan: string, part: number, found: string): Promise<void>;
  /** Newest first. */
  duplicateScans(): Promise<readonly StoredDuplicateScan[]>;
  /** null: there is no such part. */
  duplicatePart(scan: string, part: number): Promise<string | null>;
  close(): Promise<void>;
}

export const keptScans = 20;

export interface StoredDuplicateScan {
  readonly id: string;
  readonly createdAtMs: number;
  /** JSON, as the feature writes and reads it. */
  readonly header: string;
}

export interface StoredFolder {
  readonly relPath: string;
  readonly files: Uint8Array<ArrayBuffer>;
  readonly hashes: Uint8Array<ArrayBuffer> | null;
}

export interface IndexTotals {
  readonly files: number;
  readonly bytes: number;
  readonly folders: number;
  readonly hashedFiles: number;
}

/** What one stored folder adds to the totals of its location; one that cannot be read adds no files. */
export type TotalsOf = (folder: Pick<StoredFolder, 'files' | 'hashes'>) => IndexTotals;

export interface StoredCount {
  readonly stored: StoredLocation;
  readonly totals: IndexTotals;
}

export interface StoredLocation {
  /** Path of the root that was read; another root under the same id has nothing to do with what is stored. */
  readonly root: string;
  /** Unix time of the end of the last complete refresh; null: never. */
  readonly scannedAtMs: number | null;
  readonly caseSensitive: boolean | null;
  readonly unicodeSensitive: boolean;
  /** The root was a mount point when it was last read: an empty folder there now means "unmounted". */
  readonly wasMountPoint: boolean;
  /** Identity of the volume that was read; empty where the drive does not tell. */
  readonly volume: string;
  /** A refresh found more than half of the files gone and a person has not said yet that this is right. */
  readonly missingFiles: number;
  readonly problems: readonly ScanProblem[];
}

export interface HashKey {
  readonly device: bigint;
  readonly fileId: bigint;
  readonly size: number;
  readonly mtimeNs: bigint;
  /** `location/relPath`: stands in for the device, whose number may change when a share is mounted again. */
  readonly place: string;
}

export interface HashRecord extends HashKey {
  readonly blake3: Uint8Array<ArrayBuffer>;
  readonly sha256: Uint8Array<ArrayBuffer> | null;
  readonly quickHash: Uint8Array<ArrayBuffer> | null;
  readonly hashedAtMs: number;
}
