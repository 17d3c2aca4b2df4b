import type { BegunSync, RawNewFile, RawReadFile } from '../ports/changing-file-system.ts';
import { beginSyncData } from './begin-sync.ts';
import { changedWhileCopied, type OpenSource } from './copy-source.ts';
import type { Side } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

/**
 * Bytes between two syncs. On a share only they tell that writes arrive: a server that died takes them in silence for a
 * minute. Each goes on while the next bytes are written, and is waited for before another begins.
 */
const bytesBetweenSyncs = 64 * 1024 * 1024;

export interface StreamOptions {
  readonly source: OpenSource;
  readonly file: RawNewFile;
  readonly side: Side;
  readonly context: TransferContext;
  /** The file as its drive has it, where it may hold the beginning already. */
  readonly earlier: RawReadFile | null;
  /** So many more bytes are on the drive. */
  readonly onDurable: (bytes: number) => void;
}

export interface Streamed {
  /** Waits for the hash. */
  readonly hash: () => Uint8Array<ArrayBuffer>;
  /** Waits for the syncs that were begun: did they all promise that what they were about is on the drive? */
  readonly endSyncs: () => boolean;
  /** Written since the last sync. */
  readonly unsynced: number;
}

/** Reads, hashes and writes all bytes, once. @throws FILE_CHANGED where they are more or fewer than the source said. */
export function streamContent({ source, file, side, context, earlier: there, onDurable }: StreamOptions): Streamed {
  const { place, before } = source;
  const earlier = there && new EarlierBytes(there, file, side);
  const synced = new SyncsOnTheWay(onDurable);
  let [position, unsynced] = [0, 0];
  context.blocks.begin();
  for (;;) {
    context.breathe();
    const block = context.blocks.next();
    const count = place.side(() => source.file.read(block, position));
    if (count === 0) break;
    if (position + count > before.size) throw changedWhileCopied(place);
    context.blocks.add(count);
    const bytes = block.subarray(0, count);
    const at = position;
    if (earlier?.holds(bytes, at) !== true) side(() => file.write(bytes, at));
    position += count;
    unsynced += count;
    if (unsynced < bytesBetweenSyncs) continue;
    synced.end();
    synced.begin(beginSyncData(file, side), unsynced);
    unsynced = 0;
  }
  if (position !== before.size) throw changedWhileCopied(place);
  earlier?.endAt(position);
  return { hash: context.blocks.digestLater(), endSyncs: () => synced.end(), unsynced };
}

/** At most one: what it fails with must be known before much more is written in vain. */
class SyncsOnTheWay {
  private isDurable = true;
  private readonly onDurable: (bytes: number) => void;
  private begun: { readonly answer: BegunSync; readonly bytes: number } | null = null;

  constructor(onDurable: (bytes: number) => void) {
    this.onDurable = onDurable;
  }

  begin(answer: BegunSync, bytes: number): void {
    this.begun = { answer, bytes };
  }

  end(): boolean {
    if (!this.begun) return this.isDurable;
    const { answer, bytes } = this.begun;
    this.begun = null;
    this.isDurable = answer() === 'durable' && this.isDurable;
    this.onDurable(bytes);
    return this.isDurable;
  }
}

/**
 * What an earlier attempt wrote, compared with the source byte by byte: after a power cut it may be anything. Past the
 * cache, because bytes whose sync failed lie there as if they were on the drive, and no later sync writes them.
 */
class EarlierBytes {
  private readonly there: RawReadFile;
  private readonly file: RawNewFile;
  private readonly side: Side;
  private buffer = new Uint8Array(0);
  private size: number;

  constructor(there: RawReadFile, file: RawNewFile, side: Side) {
    this.there = there;
    this.file = file;
    this.side = side;
    this.size = side(() => there.stat()).size;
  }

  /** Where not, it ends there. */
  holds(bytes: Uint8Array, position: number): boolean {
    if (this.size === 0) return false;
    if (position + bytes.length <= this.size && this.isEqual(bytes, position)) return true;
    this.cut(position);
    this.size = 0;
    return false;
  }

  endAt(position: number): void {
    if (this.size > position) this.cut(position);
  }

  private isEqual(bytes: Uint8Array, position: number): boolean {
    if (this.buffer.length < bytes.length) this.buffer = new Uint8Array(bytes.length);
    const target = this.buffer.subarray(0, bytes.length);
    for (let done = 0; done < target.length; ) {
      const count = this.side(() => this.there.read(target.subarray(done), position + done));
      if (count === 0) return false;
      done += count;
    }
    return isSameBytes(target, bytes);
  }

  private cut(size: number): void {
    this.side(() => this.file.truncate(size));
  }
}

export function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
