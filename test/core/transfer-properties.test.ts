import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { TransferOrder } from '../../src/core/ports/transfer-files.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import {
  again,
  bytesOf,
  contentsOf,
  copyOf,
  createLab,
  deleteOf,
  digestOf,
  isPart,
  type Lab,
  lakeRoot,
  localRoot,
  run,
  stageIn,
} from '../support/transfer-lab.ts';

const volume: fc.Arbitrary<MemoryVolumeOptions> = fc.record({
  caseSensitive: fc.boolean(),
  unicodeSensitive: fc.boolean(),
  hardLinks: fc.boolean(),
  reflink: fc.boolean(),
  fileIds: fc.constantFrom('stable' as const, 'none' as const),
  timeGranularityNs: fc.constantFrom(1n, 100n, 2_000_000_000n),
  totalBytes: fc.constantFrom(8e12, 8e12, 20_000),
});

const name = fc.constantFrom(
  'a',
  'A',
  'b',
  'é',
  'e\u0301',
  'É',
  'lora.safetensors',
  'Lora.safetensors',
  'x'.repeat(255),
);
const relPath = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const file = fc.record({ relPath, size: fc.nat(4_000) });
const step = fc.record({ kind: fc.constantFrom('copy', 'delete', 'stage'), pick: fc.nat() });
const trouble = fc.oneof(
  fc.record({ kind: fc.constant('fail' as const), nth: fc.nat(300), fail: fc.constantFrom('EIO', 'ENOSPC', 'ESTALE') }),
  fc.record({ kind: fc.constant('cut' as const), nth: fc.nat(300), seed: fc.nat(1_000) }),
  fc.record({ kind: fc.constant('kill' as const), nth: fc.nat(300) }),
);

const empty = digestOf(new Uint8Array(0));

/** Where a drive takes two paths of the tree for one, the second is left out. Returns them as they are listed. */
function makeFiles({ memory }: Lab, root: string, files: readonly { relPath: string; size: number }[]): string[] {
  for (const { relPath: path, size } of files) {
    try {
      if (memory.lstat(`${root}/${path}`).kind === 'file') continue;
    } catch {}
    try {
      memory.file(`${root}/${path}`, { size, content: `${root}/${path}` });
    } catch {}
  }
  return [...contentsOf(memory, root).keys()];
}

describe('random trees, drives, orders and troubles', () => {
  test('no content is lost, nothing is overwritten, nothing partial is left, and a retry leaves nothing of ours', () => {
    fc.assert(
      fc.property(
        fc.record({
          local: volume,
          lake: volume,
          together: fc.boolean(),
          source: fc.array(file, { maxLength: 8 }),
          target: fc.array(file, { maxLength: 4 }),
          steps: fc.array(step, { maxLength: 8 }),
          trouble,
        }),
        ({ local, lake, together, source, target, steps, trouble: bad }) => {
          const lab = createLab({ local: { ...local, totalBytes: 8e12 }, lake, together });
          const made = makeFiles(lab, localRoot, source);
          makeFiles(lab, lakeRoot, target);
          const used = new Set<string>();
          const orders = steps.flatMap(({ kind, pick }, n): TransferOrder[] => {
            const path = made[pick % Math.max(1, made.length)];
            if (path === undefined || used.has(path)) return [];
            used.add(path);
            if (kind === 'copy') return [copyOf(lab.memory, path)];
            return [deleteOf(lab.memory, path, { stage: kind === 'stage' ? stageIn(String(n)) : null })];
          });
          const before = { local: contentsOf(lab.memory, localRoot), lake: contentsOf(lab.memory, lakeRoot) };
          const gone = new Error('gone');
          const faulty = new FaultyFileSystem(lab.memory, {
            faults: bad.kind === 'fail' ? [{ nth: bad.nth, fail: bad.fail }] : [],
            onCall: ({ number }) => {
              if (bad.kind !== 'fail' && number >= bad.nth) throw gone;
            },
          });
          const first = run(faulty, orders);
          if (bad.kind === 'cut' && first.thrown === gone) lab.memory.powerCut(bad.seed);
          const isDone = (end: string | undefined): boolean => end !== undefined && end === end.toLowerCase();
          const second = run(lab.memory, orders.filter(({ n }) => !isDone(first.ends.get(n))).map(again));
          assert.equal(second.thrown, null);
          const now = { local: contentsOf(lab.memory, localRoot), lake: contentsOf(lab.memory, lakeRoot) };

          for (const [path, content] of before.lake) assert.equal(now.lake.get(path), content, `lake ${path}`);
          const all = new Set([...before.local.values(), ...before.lake.values()]);
          for (const side of [now.local, now.lake]) {
            for (const [path, content] of side) {
              // Twins of nothing on a drive without hard links: a kill leaves what cannot be told from somebody's file.
              const isNobodys = content === empty && !(together ? local : lake).hardLinks;
              assert.ok(!isPart(path) || isNobodys, `${path} is left`);
              assert.ok(all.has(content), `${path} is partial`);
            }
          }
          const deleted = new Set(
            orders.flatMap((order) => (order.op === 'delete' && !order.stage ? [order.at.relPath] : [])),
          );
          const contents = new Set([...now.local.values(), ...now.lake.values()]);
          for (const [path, content] of before.local) {
            if (!deleted.has(path)) assert.ok(contents.has(content), `${path} is lost`);
          }
          for (const order of orders) {
            const end = isDone(first.ends.get(order.n)) ? first.ends.get(order.n) : second.ends.get(order.n);
            assert.ok(end !== undefined, 'an order without an end');
            if (!isDone(end)) continue;
            if (order.op === 'copy') {
              // Drives that take two spellings for one name list the other one.
              // Without hard links an empty twin cannot be told from what a kill leaves; plans leave twins out.
              if (!(together ? local : lake).hardLinks && before.local.get(order.from.relPath) === empty) continue;
              const copied = digestOf(bytesOf(lab.memory, `${lakeRoot}/${order.to.relPath}`));
              assert.equal(copied, before.local.get(order.from.relPath));
            }
            if (order.op === 'delete') assert.equal(now.local.has(order.at.relPath), false);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
