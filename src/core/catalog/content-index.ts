import type { Pacer } from '../ports/clock.ts';
import { blake3At, countKnown, hashKnown, hashStateAt, startOfHash } from './folder-hashes.ts';
import type { FilePosition, IndexedFolder, LocationIndex } from './location-index.ts';

/**
 * Files of one location by content, as far as hashes are known. `update` follows what changed since the last call.
 *
 * A hash table in columns: a library has hundreds of thousands of files, and an object for each would be visited by
 * every collection of garbage. Entries of a folder that changed stay, cut off from it, until half of all are such.
 */
export class ContentIndex {
  private readonly index: LocationIndex;
  private table = emptyTable(fewestEntries);
  /** Folders as they are in the table. */
  private readonly known = new Map<string, KnownFolder>();
  /** Entries that are cut off from their folders. */
  private dead = 0;
  private readonly dirty: Set<string>;
  private readonly stopListening: () => void;
  private updating: Promise<void> = Promise.resolve();

  constructor(index: LocationIndex) {
    this.index = index;
    this.dirty = new Set(index.folderPaths());
    this.stopListening = index.listen((relPath) => this.dirty.add(relPath));
  }

  stop(): void {
    this.stopListening();
  }

  /** Calls queue up behind each other. */
  update(pacer: Pacer): Promise<void> {
    this.updating = this.updating.then(
      () => this.runUpdate(pacer),
      () => this.runUpdate(pacer),
    );
    return this.updating;
  }

  /** Files with exactly this BLAKE3 hash. */
  find(blake3: Uint8Array): readonly FilePosition[] {
    const { folders, slots, places, next, heads } = this.table;
    const found: FilePosition[] = [];
    for (let entry = heads[headOf(blake3, 0, heads.length)] ?? none; entry !== none; entry = next[entry] ?? none) {
      const folder = folders[slots[entry] ?? 0];
      const i = places[entry] ?? 0;
      if (folder?.hashes && isAt(folder.hashes, startOfHash(i), blake3)) found.push({ folder, i });
    }
    // The latest of a chain stands first.
    return found.reverse();
  }

  private async runUpdate(pacer: Pacer): Promise<void> {
    const { dirty, index } = this;
    let more = 0;
    for (const relPath of dirty) more += countIn(index.folder(relPath));
    await this.makeRoom(more, pacer);
    for (const relPath of dirty) {
      // Asked again after each wait: the folder may be another one by then.
      while (!this.hasRoom(countIn(index.folder(relPath)))) await this.makeRoom(countIn(index.folder(relPath)), pacer);
      dirty.delete(relPath);
      this.remove(relPath);
      this.add(relPath);
      const pause = pacer.breathe();
      if (pause) await pause;
    }
  }

  private add(relPath: string): void {
    const folder = this.index.folder(relPath);
    if (folder?.hashes) this.known.set(relPath, addFolder(this.table, folder));
  }

  private remove(relPath: string): void {
    const before = this.known.get(relPath);
    if (!before) return;
    this.known.delete(relPath);
    this.table.folders[before.slot] = null;
    this.dead += before.entries;
  }

  private hasRoom(more: number): boolean {
    return this.table.count + more <= this.table.next.length;
  }

  /** Builds the table anew where it would be too small or is half dead. Until that is done, the old one is searched. */
  private async makeRoom(more: number, pacer: Pacer): Promise<void> {
    const alive = this.table.count - this.dead;
    if (this.hasRoom(more) && this.dead <= Math.max(fewestEntries, alive)) return;
    const table = emptyTable(alive + more);
    for (const [relPath, { folder }] of this.known) {
      this.known.set(relPath, addFolder(table, folder));
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    this.table = table;
    this.dead = 0;
  }
}

interface KnownFolder {
  readonly folder: IndexedFolder;
  /** Where it stands in `folders` of the table. */
  readonly slot: number;
  readonly entries: number;
}

interface Table {
  /** null: it changed. */
  readonly folders: (IndexedFolder | null)[];
  /** Of each entry: where its folder stands, and which file of that it is. */
  readonly slots: Uint32Array;
  readonly places: Uint32Array;
  /** The entry before it in its chain. */
  readonly next: Int32Array;
  /** Latest entry of each chain; as many as there is room for entries, a power of two. */
  readonly heads: Int32Array;
  count: number;
}

const none = -1;
const blake3Bytes = 32;
const fewestEntries = 1_024;

function emptyTable(entries: number): Table {
  const room = 2 ** Math.ceil(Math.log2(Math.max(fewestEntries, entries)));
  return {
    folders: [],
    slots: new Uint32Array(room),
    places: new Uint32Array(room),
    next: new Int32Array(room),
    heads: new Int32Array(room).fill(none),
    count: 0,
  };
}

function addFolder(table: Table, folder: IndexedFolder): KnownFolder {
  const { folders, slots, places, next, heads } = table;
  const { hashes, files } = folder;
  const before = table.count;
  const slot = folders.length;
  folders.push(folder);
  for (let i = 0; hashes !== null && i < files.count; i += 1) {
    if (hashStateAt(hashes, i) !== hashKnown) continue;
    const entry = table.count;
    const head = headOf(hashes, startOfHash(i), heads.length);
    slots[entry] = slot;
    places[entry] = i;
    next[entry] = heads[head] ?? none;
    heads[head] = entry;
    table.count += 1;
  }
  return { folder, slot, entries: table.count - before };
}

function countIn(folder: IndexedFolder | undefined): number {
  return folder ? countKnown(folder.hashes) : 0;
}

/** The first bytes of a hash choose its chain, and prove nothing: whole hashes are compared before anything is said. */
function headOf(bytes: Uint8Array, at: number, heads: number): number {
  const first =
    ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return first & (heads - 1);
}

function isAt(hashes: Uint8Array, at: number, blake3: Uint8Array): boolean {
  for (let k = 0; k < blake3Bytes; k += 1) if (hashes[at + k] !== blake3[k]) return false;
  return true;
}

export function blake3Of({ folder, i }: FilePosition): Uint8Array<ArrayBuffer> | null {
  return folder.hashes !== null && hashStateAt(folder.hashes, i) === hashKnown ? blake3At(folder.hashes, i) : null;
}
