import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { CompareState } from '../../src/contract/sync-words.ts';

export interface FileSpec {
  readonly relPath: string;
  /** Chooses the bytes; equal seeds and sizes give equal bytes. */
  readonly seed: number;
  readonly size: number;
  /** Seconds after the base time. */
  readonly time?: number;
}

/** 2024-05-01, in whole seconds, which every file system keeps. */
const baseTime = 1_714_521_600;

export function bytesOf(seed: number, size: number): Buffer {
  const block = createHash('sha512').update(`seed ${seed}`).digest();
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += block.length) block.copy(bytes, at);
  return bytes;
}

export function writeFile(root: string, { relPath, seed, size, time = 0 }: FileSpec): string {
  const file = path.join(root, relPath);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytesOf(seed, size));
  fs.utimesSync(file, baseTime + time, baseTime + time);
  return file;
}

interface PairCase {
  readonly a?: FileSpec;
  readonly b?: FileSpec;
  /** State from names, sizes and times alone, and after hashing. */
  readonly quick: CompareState;
  readonly settled: CompareState;
}

const file = (relPath: string, seed: number, size: number, time?: number): FileSpec => ({
  relPath,
  seed,
  size,
  ...(time === undefined ? {} : { time }),
});

/** One of everything that two locations can hold of one name. */
export const pairCases: readonly PairCase[] = [
  { a: file('checkpoints/alone.safetensors', 1, 5000), quick: 'only-a', settled: 'only-a' },
  { b: file('loras/lonely.safetensors', 2, 4000), quick: 'only-b', settled: 'only-b' },
  { a: file('vae/empty.pt', 0, 0), b: file('vae/empty.pt', 0, 0), quick: 'same-probable', settled: 'same-verified' },
  {
    a: file('vae/ae.sft', 3, 70_000),
    b: file('vae/ae.sft', 3, 70_000),
    quick: 'same-probable',
    settled: 'same-verified',
  },
  {
    a: file('unet/late.gguf', 4, 900),
    b: file('unet/late.gguf', 4, 900, 3600),
    quick: 'unverified',
    settled: 'same-verified',
  },
  {
    a: file('unet/close.gguf', 5, 901),
    b: file('unet/close.gguf', 5, 901, 1),
    quick: 'same-probable',
    settled: 'same-verified',
  },
  { a: file('loras/rot.pt', 6, 2000), b: file('loras/rot.pt', 7, 2000), quick: 'same-probable', settled: 'conflict' },
  {
    a: file('loras/edit.pt', 8, 2001),
    b: file('loras/edit.pt', 9, 2001, 99),
    quick: 'unverified',
    settled: 'conflict',
  },
  {
    a: file('loras/longer.pt', 10, 2100),
    b: file('loras/longer.pt', 10, 2164),
    quick: 'conflict',
    settled: 'conflict',
  },
  {
    a: file('café/水墨 [v2] {x}.bin', 11, 33),
    b: file('café/水墨 [v2] {x}.bin', 11, 33),
    quick: 'same-probable',
    settled: 'same-verified',
  },
  { a: file('top.bin', 12, 10), b: file('top.bin', 12, 10), quick: 'same-probable', settled: 'same-verified' },
];

/** The same bytes under another name on the other side. */
export const movedPair = { a: file('loras/old/name.pt', 20, 3333), b: file('loras/new/renamed.pt', 20, 3333) } as const;

/** A file on one side where the other has a folder of that name. */
export const fileAgainstFolder = { a: file('clip/thing', 21, 50), b: file('clip/thing/inside.pt', 22, 60) } as const;

export function writePair(local: string, lake: string): void {
  const all = [...pairCases, movedPair, fileAgainstFolder];
  for (const { a, b } of all) {
    if (a) writeFile(local, a);
    if (b) writeFile(lake, b);
  }
}

/** Names, sizes, times and bytes of everything below a folder, to show that nothing was touched. */
export function fingerprint(root: string): string {
  const hash = createHash('sha256');
  const walk = (folder: Buffer): void => {
    const names = fs.readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare);
    for (const name of names) {
      const full = Buffer.concat([folder, Buffer.from('/'), name]);
      const stat = fs.lstatSync(full, { bigint: true });
      hash.update(full).update(`\0${stat.mode}\0${stat.mtimeNs}\0${stat.ctimeNs}\0${stat.ino}\0${stat.nlink}\n`);
      if (stat.isDirectory()) walk(full);
      else if (stat.isFile()) hash.update(fs.readFileSync(full));
    }
  };
  walk(Buffer.from(root));
  return hash.digest('hex');
}
