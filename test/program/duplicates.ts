import fs from 'node:fs';
import path from 'node:path';
import type { Place } from './program.ts';
import { writeFile } from './trees.ts';

/** What `dedupe scan --json` prints. */
export interface Scan {
  readonly scanId: string;
  readonly summary: {
    readonly groups: number;
    readonly redundantFiles: number;
    readonly reclaimableBytes: number;
    readonly bytesRead: number;
    readonly elapsedMs: number;
  };
  readonly groups?: readonly {
    readonly blake3: string;
    readonly size: number;
    readonly files: readonly {
      readonly relPath: string;
      readonly sameFileAs?: string;
      /** Where several locations were looked through. */
      readonly location?: 'local' | 'lake';
    }[];
  }[];
}

export const mebibyte = 1024 * 1024;

/** Sparse, but for a byte here and there: what lies between is a hole. */
function sparse(place: Place, relPath: string, size: number, marks: Readonly<Record<number, number>>): void {
  const file = path.join(place.local, relPath);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = fs.openSync(file, 'w');
  fs.ftruncateSync(descriptor, size);
  for (const [at, byte] of Object.entries(marks)) fs.writeSync(descriptor, Uint8Array.of(byte), 0, 1, Number(at));
  fs.closeSync(descriptor);
  fs.utimesSync(file, 1_714_521_600, 1_714_521_600);
}

/** Duplicates, and everything that only looks like some. */
export function fillLibrary(place: Place): void {
  const spec = (relPath: string, seed: number, size: number, time = 0) =>
    writeFile(place.local, { relPath, seed, size, time });
  spec('loras/a.safetensors', 1, 300_000);
  spec('loras/old/copy of a.safetensors', 1, 300_000, 99);
  spec('vae/a again.pt', 1, 300_000);
  spec('vae/other.pt', 2, 300_000);
  spec('small/x.txt', 3, 10);
  spec('small/y.txt', 3, 10);
  spec('small/z.txt', 4, 10);
  spec('empty/one', 5, 0);
  spec('empty/two', 5, 0);
  fs.linkSync(path.join(place.local, 'vae/a again.pt'), path.join(place.local, 'vae/linked.pt'));
  fs.linkSync(path.join(place.local, 'vae/other.pt'), path.join(place.local, 'vae/other linked.pt'));
  sparse(place, 'traps/a.bin', 12 * mebibyte, { 0: 1, [6 * mebibyte]: 7 });
  sparse(place, 'traps/b.bin', 12 * mebibyte, { 0: 1, [6 * mebibyte]: 8 });
  sparse(place, 'traps/c.bin', 12 * mebibyte, { 0: 1, [6 * mebibyte]: 7 });
}
