import type { Pacer } from '../ports/clock.ts';
import { blake3At, bucketOf, hashKnown, hashStateAt, startOfHash } from './folder-hashes.ts';
import type { FilePosition, IndexedFolder, LocationIndex } from './location-index.ts';

/** Files of one location by content, as far as hashes are known. `update` follows what changed since the last call. */
export class ContentIndex {
  private readonly index: LocationIndex;
  private readonly buckets = new Map<number, FilePosition | FilePosition[]>();
  /** Folders as they are in the buckets. */
  private readonly known = new Map<string, IndexedFolder>();
  private dirty: Set<string>;
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
    const there = this.buckets.get(bucketOf(blake3, 0));
    if (there === undefined) return [];
    return (Array.isArray(there) ? there : [there]).filter(({ folder, i }) => {
      const hash = folder.hashes === null ? null : blake3At(folder.hashes, i);
      return hash?.every((byte, k) => byte === blake3[k]);
    });
  }

  private async runUpdate(pacer: Pacer): Promise<void> {
    const { dirty } = this;
    for (const relPath of dirty) {
      dirty.delete(relPath);
      this.remove(relPath);
      this.add(relPath);
      const pause = pacer.breathe();
      if (pause) await pause;
    }
  }

  private add(relPath: string): void {
    const folder = this.index.folder(relPath);
    if (!folder?.hashes) return;
    const { hashes } = folder;
    this.known.set(relPath, folder);
    for (let i = 0; i < folder.files.count; i += 1) {
      if (hashStateAt(hashes, i) !== hashKnown) continue;
      const bucket = bucketOf(hashes, startOfHash(i));
      const there = this.buckets.get(bucket);
      if (there === undefined) this.buckets.set(bucket, { folder, i });
      else if (Array.isArray(there)) there.push({ folder, i });
      else this.buckets.set(bucket, [there, { folder, i }]);
    }
  }

  private remove(relPath: string): void {
    const before = this.known.get(relPath);
    if (!before?.hashes) return;
    this.known.delete(relPath);
    for (let i = 0; i < before.files.count; i += 1) {
      if (hashStateAt(before.hashes, i) === hashKnown) this.removeFrom(bucketOf(before.hashes, startOfHash(i)), before);
    }
  }

  private removeFrom(bucket: number, before: IndexedFolder): void {
    const there = this.buckets.get(bucket);
    if (there === undefined) return;
    const left = (Array.isArray(there) ? there : [there]).filter(({ folder }) => folder !== before);
    if (left.length === 0) this.buckets.delete(bucket);
    else this.buckets.set(bucket, left);
  }
}

export function blake3Of({ folder, i }: FilePosition): Uint8Array<ArrayBuffer> | null {
  return folder.hashes !== null && hashStateAt(folder.hashes, i) === hashKnown ? blake3At(folder.hashes, i) : null;
}
