import fs from 'node:fs';
import path from 'node:path';
import type { Chance } from './chance.ts';
import type { Disks } from './disks.ts';
import type { Order } from './oracle.ts';

const KiB = 1024;

/** Short, odd, long, hidden, not ASCII; none that a peer needs quoting for. */
const stems = [
  'a',
  'model',
  'sdxl_base_1.0',
  'café 水墨 [v2] {x}',
  '.hidden',
  "it's $HOME & more",
  '-dash',
  `long-${'n'.repeat(180)}`,
];

export interface WorkloadOptions {
  readonly files: number;
  /** The largest file. */
  readonly maxBytes: number;
}

/** New files for one order in a folder of their own, which both disks have, with bystanders that nobody may touch. */
export function writeWorkload(
  disks: Disks,
  verb: Order['verb'],
  folder: string,
  chance: Chance,
  { files, maxBytes }: WorkloadOptions,
): Order {
  const write = (root: string, relPath: string, size: number): void => {
    const file = path.join(root, relPath);
    fs.writeFileSync(file, chance.bytes(size));
    const seconds = 1_600_000_000 + chance.whole(0, 90_000_000);
    fs.utimesSync(file, seconds, seconds);
  };
  for (const root of [disks.local, disks.lake]) {
    fs.mkdirSync(path.join(root, folder), { recursive: true });
    write(root, `${folder}/bystander-${root === disks.local ? 'a' : 'b'}.safetensors`, 3 * KiB);
  }
  const relPaths = Array.from({ length: files }, (_, n) => `${folder}/${chance.pick(stems)}${n}.safetensors`);
  relPaths.forEach((relPath, n) => {
    write(verb === 'delete' ? disks.lake : disks.local, relPath, sizeOf(n, chance, maxBytes));
  });
  if (verb === 'mirror') {
    for (const n of [0, 1, 2]) write(disks.lake, `${folder}/extra${n}.safetensors`, 5 * KiB + n);
    return { verb, relPaths, folder };
  }
  return { verb, relPaths };
}

/** An empty file, a tiny one, a large one; then anything, small ones more often. */
function sizeOf(n: number, chance: Chance, maxBytes: number): number {
  if (n === 0) return 0;
  if (n === 1) return 1;
  if (n === 2) return maxBytes;
  return Math.floor(maxBytes ** chance.next());
}
