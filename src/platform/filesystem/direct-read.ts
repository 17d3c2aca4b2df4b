import fs from 'node:fs';
import type { RawReadFile } from '../../core/ports/changing-file-system.ts';
import { NodeReadFile, onlyRegular, openNodeFile, readFlags } from './node-raw-file.ts';
import { codeOf, fromOsError } from './os-error.ts';

/** Positions, lengths and memory of direct reads are multiples of this; every drive of today has blocks that divide it. */
const alignment = 4096;
const bufferBytes = 1024 * 1024;

/**
 * Opens a file for reading what the drive has, not what the page cache remembers. Where O_DIRECT is refused (tmpfs, some
 * network and FUSE mounts) and on other platforms it is a plain read: after a sync that answers from the cache, so it
 * proves that the right bytes were handed over, not that the drive kept them.
 */
export function openPastCache(path: string, shown: string): RawReadFile {
  if (process.platform !== 'linux') return openNodeFile(path, shown);
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, readFlags | fs.constants.O_DIRECT);
  } catch (thrown) {
    if (codeOf(thrown) === 'EINVAL') return openNodeFile(path, shown);
    throw fromOsError(thrown, shown);
  }
  return onlyRegular(new DirectReadFile(descriptor, { path, shown }), shown);
}

/** The one part of it that is needed; Node's types leave it to those of the browser. */
declare const WebAssembly: { readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer } };

let aligned: Uint8Array | null = null;

/** Memory of WebAssembly starts at a page; that of a Buffer starts wherever the allocator had room. */
function alignedBuffer(): Uint8Array {
  aligned ??= new Uint8Array(new WebAssembly.Memory({ initial: bufferBytes / 65_536 }).buffer);
  return aligned;
}

class DirectReadFile extends NodeReadFile {
  private readonly named: { readonly path: string; readonly shown: string };
  /** Takes over when the drive refuses a direct read although it took the flag. */
  private plain: RawReadFile | null = null;

  constructor(descriptor: number, named: { readonly path: string; readonly shown: string }) {
    super(descriptor, named.shown);
    this.named = named;
  }

  override read(target: Uint8Array, position: number): number {
    if (this.plain) return this.plain.read(target, position);
    const buffer = alignedBuffer();
    const start = position - (position % alignment);
    const wanted = Math.ceil((position - start + target.length) / alignment) * alignment;
    try {
      const count = fs.readSync(this.descriptor, buffer, 0, Math.min(wanted, buffer.length), start);
      const found = buffer.subarray(position - start, Math.min(count, position - start + target.length));
      target.set(found);
      return found.length;
    } catch (thrown) {
      if (codeOf(thrown) !== 'EINVAL') throw fromOsError(thrown, this.path);
      this.plain = openNodeFile(this.named.path, this.named.shown);
      return this.plain.read(target, position);
    }
  }

  override close(): void {
    this.plain?.close();
    super.close();
  }
}
