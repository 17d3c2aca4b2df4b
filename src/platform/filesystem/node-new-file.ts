import fs from 'node:fs';
import type { BegunSync, Durability, RawNewFile } from '../../core/ports/changing-file-system.ts';
import { begunSync, durabilityOf } from './durability.ts';
import { NodeReadFile } from './node-raw-file.ts';
import { fromOsError } from './os-error.ts';
import type { SyncKind, SyncsBeside } from './syncs-beside.ts';

/**
 * Most bytes of one call. For a larger one Linux takes larger pieces of memory for its cache (folios), which it has to
 * put together first, and which a virtual machine has given back to its host: 2 GiB by 1 MiB took 1.2 to 5 s of the
 * kernel's processor time, by 64 KiB 0.9 to 1.6 s (6.18, ext4).
 */
const pieceBytes = process.platform === 'linux' ? 64 * 1024 : Number.POSITIVE_INFINITY;

/** A file that is open for reading and writing. */
export class NodeNewFile extends NodeReadFile implements RawNewFile {
  private readonly syncs: SyncsBeside | null;

  constructor(descriptor: number, path: string, syncs: SyncsBeside | null) {
    super(descriptor, path);
    this.syncs = syncs;
  }

  write(bytes: Uint8Array, position: number): void {
    this.writing(() => {
      for (let done = 0; done < bytes.length; ) {
        const length = Math.min(bytes.length - done, pieceBytes);
        done += fs.writeSync(this.descriptor, bytes, done, length, position + done);
      }
    });
  }

  truncate(size: number): void {
    this.writing(() => fs.ftruncateSync(this.descriptor, size));
  }

  syncData(): Durability {
    return durabilityOf(() => fs.fdatasyncSync(this.descriptor), this.path);
  }

  beginSync(): BegunSync {
    return this.beside('all') ?? (() => this.sync());
  }

  beginSyncData(): BegunSync {
    return this.beside('content') ?? (() => this.syncData());
  }

  setMtime(mtimeNs: bigint): void {
    const seconds = toSeconds(mtimeNs);
    this.writing(() => fs.futimesSync(this.descriptor, seconds, seconds));
  }

  private beside(what: SyncKind): BegunSync | null {
    return this.syncs && begunSync(this.syncs, { what, descriptor: this.descriptor, shown: this.path });
  }

  private writing(call: () => void): void {
    try {
      call();
    } catch (thrown) {
      throw fromOsError(thrown, this.path, 'write');
    }
  }
}

/**
 * Node takes a time as a number of seconds, which keeps 0.24 µs today. It cuts off what is below a nanosecond, so the
 * nearest number may lie just below a whole microsecond and be stored as the one before; the next number does not.
 */
function toSeconds(mtimeNs: bigint): number {
  const seconds = Number(mtimeNs) / 1e9;
  if (mtimeNs < 0n) return seconds;
  const storedNs = Math.trunc((seconds - Math.floor(seconds)) * 1e9);
  const isBelow = BigInt(Math.floor(seconds)) * 1_000_000_000n + BigInt(storedNs) < mtimeNs;
  return isBelow ? seconds * (1 + 2 ** -52) : seconds;
}
