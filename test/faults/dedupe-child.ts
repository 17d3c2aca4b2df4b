import fs from 'node:fs';
import type { DedupeAction, DedupeOrder } from '../../src/core/ports/transfer-files.ts';
import { createNodeChangingFileSystem } from '../../src/platform/filesystem/node-changing-file-system.ts';
import { dedupeOf, runDedupe } from '../support/dedupe-lab.ts';

/** Removes the duplicates of a folder one by one, with a line for each, until it is done or killed. */
const [root = '', action = 'delete', count = '0', resume] = process.argv.slice(2);
const disk = createNodeChangingFileSystem();
const plan = `${root}/plan.json`;

const place = (relPath: string) => ({ location: 'local', root, relPath });
const orders: DedupeOrder[] = resume === undefined ? makePlan() : readPlan();
for (const order of orders) {
  const { failed } = runDedupe(disk, [{ ...order, isResumed: resume !== undefined }]);
  fs.writeSync(1, failed.length > 0 ? `failed ${failed[0]?.message}\n` : 'done\n');
}

function makePlan(): DedupeOrder[] {
  const made = Array.from({ length: Number(count) }, (_, n) =>
    dedupeOf(disk, place(`copies/${n}.bin`), place(`kept/${n}.bin`), { action: action as DedupeAction }),
  );
  fs.writeFileSync(
    plan,
    JSON.stringify(made, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
  );
  return made;
}

function readPlan(): DedupeOrder[] {
  const kept = JSON.parse(fs.readFileSync(plan, 'utf8'), (key, value: unknown) => {
    if (key === 'blake3') return Uint8Array.from(Object.values(value as Record<string, number>));
    return typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
  }) as DedupeOrder[];
  return kept;
}
