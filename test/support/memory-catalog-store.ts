import { totalsOfStored } from '../../src/core/catalog/stored-totals.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import {
  type CatalogStore,
  type HashKey,
  type HashRecord,
  keptScans,
  type StoredDuplicateScan,
  type StoredFolder,
  type StoredLocation,
} from '../../src/core/ports/catalog-store.ts';

export interface MemoryCatalogStore extends CatalogStore {
  /** What is stored of a location now. */
  stored(location: string): {
    readonly location: StoredLocation | null;
    readonly folders: ReadonlyMap<string, StoredFolder>;
  };
  /** Names of the calls that wrote something, oldest first. */
  readonly writes: readonly string[];
}

export interface MemoryCatalogOptions {
  /** Makes a call fail: gets its name, returns what it rejects with or null. */
  readonly failing?: (call: string) => Error | null;
}

/** `CatalogStore` in memory. Everything is copied on its way in and out, as between threads. */
export function createMemoryCatalogStore({ failing = () => null }: MemoryCatalogOptions = {}): MemoryCatalogStore {
  const locations = new Map<string, StoredLocation>();
  const folders = new Map<string, Map<string, StoredFolder>>();
  let hashes: HashRecord[] = [];
  let scans: StoredDuplicateScan[] = [];
  const parts = new Map<string, string>();
  const writes: string[] = [];
  let isClosed = false;

  /** Calls take effect in order and are answered in a later turn. */
  async function call<T>(name: string, work: () => T, isWrite = false): Promise<T> {
    if (isClosed) throw new AppError('CANCELLED', 'The catalog was closed.');
    const failure = failing(name);
    if (failure === null && isWrite) writes.push(name);
    const value = failure === null ? work() : null;
    await new Promise((resolve) => setImmediate(resolve));
    if (failure !== null) throw failure;
    return value as T;
  }

  function foldersOf(location: string): Map<string, StoredFolder> {
    const there = folders.get(location) ?? new Map<string, StoredFolder>();
    folders.set(location, there);
    return there;
  }

  function drop(location: string): void {
    locations.delete(location);
    folders.delete(location);
  }

  function storedOf(location: string, root: string): StoredLocation | null {
    const stored = locations.get(location);
    if (stored?.root === root) return structuredClone(stored);
    drop(location);
    return null;
  }

  return {
    writes,
    stored: (location) => ({ location: locations.get(location) ?? null, folders: foldersOf(location) }),
    count: (location, root) =>
      call('count', () => {
        const stored = storedOf(location, root);
        if (stored === null) return null;
        const totals = { files: 0, bytes: 0, folders: 0, hashedFiles: 0 };
        for (const folder of foldersOf(location).values()) {
          const { files, bytes, hashedFiles } = totalsOfStored(folder);
          totals.files += files;
          totals.bytes += bytes;
          totals.folders += 1;
          totals.hashedFiles += hashedFiles;
        }
        return { stored, totals };
      }),
    load: (location, root, onFolders) =>
      call('load', () => {
        const stored = storedOf(location, root);
        if (stored === null) return null;
        const all = [...foldersOf(location).values()].map(copyFolder);
        for (let k = 0; k < all.length; k += 3) onFolders(all.slice(k, k + 3));
        return stored;
      }),
    saveFolders: (location, changed, removed) =>
      call(
        'saveFolders',
        () => {
          for (const folder of changed) foldersOf(location).set(folder.relPath, copyFolder(folder));
          for (const relPath of removed) foldersOf(location).delete(relPath);
        },
        true,
      ),
    saveLocation: (location, stored) =>
      call('saveLocation', () => void locations.set(location, structuredClone(stored)), true),
    forget: (location) => call('forget', () => drop(location), true),
    rememberHashes: (records) =>
      call(
        'rememberHashes',
        () => {
          for (const record of records)
            hashes = [...hashes.filter((other) => !isSameFile(other, record)), merge(hashes, record)];
        },
        true,
      ),
    hasHashes: () => call('hasHashes', () => hashes.length > 0),
    recallHashes: (keys) => call('recallHashes', () => keys.map((key) => recall(hashes, key))),
    saveDuplicateScan: (scan) =>
      call(
        'saveDuplicateScan',
        () => {
          scans = [structuredClone(scan), ...scans.filter(({ id }) => id !== scan.id)]
            .sort((x, y) => y.createdAtMs - x.createdAtMs || (x.id < y.id ? -1 : 1))
            .slice(0, keptScans);
          for (const key of parts.keys()) if (!scans.some(({ id }) => key.startsWith(`${id} `))) parts.delete(key);
        },
        true,
      ),
    saveDuplicatePart: (scan, part, found) =>
      call('saveDuplicatePart', () => void parts.set(`${scan} ${part}`, found), true),
    duplicateScans: () => call('duplicateScans', () => structuredClone(scans)),
    duplicatePart: (scan, part) => call('duplicatePart', () => parts.get(`${scan} ${part}`) ?? null),
    async close() {
      await call('close', () => {});
      isClosed = true;
    },
  };
}

function copyFolder({ relPath, files, hashes }: StoredFolder): StoredFolder {
  return { relPath, files: files.slice(), hashes: hashes?.slice() ?? null };
}

function isSameFile(x: HashKey, y: HashKey): boolean {
  return x.fileId === y.fileId && x.device === y.device;
}

/** What was known of the same bytes stays known. */
function merge(hashes: readonly HashRecord[], record: HashRecord): HashRecord {
  const before = hashes.find(
    (other) => isSameFile(other, record) && other.size === record.size && other.mtimeNs === record.mtimeNs,
  );
  const same = before?.blake3.every((byte, k) => byte === record.blake3[k]) ? before : null;
  return structuredClone({
    ...record,
    sha256: record.sha256 ?? same?.sha256 ?? null,
    quickHash: record.quickHash ?? same?.quickHash ?? null,
  });
}

function recall(hashes: readonly HashRecord[], key: HashKey): HashRecord | null {
  const candidates = hashes.filter(
    ({ fileId, size, mtimeNs }) => fileId === key.fileId && size === key.size && mtimeNs === key.mtimeNs,
  );
  const found =
    candidates.find(({ device }) => device === key.device) ?? candidates.find(({ place }) => place === key.place);
  return found ? structuredClone({ ...found, ...key }) : null;
}
