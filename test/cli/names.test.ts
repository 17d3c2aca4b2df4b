import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { ApiHandlers } from '../../src/contract/api.ts';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import { type FakeRun, runFake } from './fake-host.ts';
import { location, twoLocations } from './fixtures.ts';
import { conflict, plan, step, task, transferring } from './task-fixtures.ts';

const words = (line: string) => line.split(' ');
const errorIn = ({ stderr }: FakeRun) => errorBodySchema.parse(JSON.parse(stderr)).error;

const missing = step('loras/gone.pt', {
  bucket: 'skipped',
  state: 'told',
  code: 'ENTRY_NOT_FOUND',
  message: '“loras/gone.pt” is not in the index of “local”.',
});
const failedItem = { relPath: missing.relPath, code: missing.code, message: missing.message };

test('copy of several, of which one is not there: it is in failed, the others are copied, and the status is 3', async () => {
  const planned = plan({
    buckets: {
      copy: { files: 2, bytes: 3_000 },
      skipped: { files: 1, bytes: 0 },
      conflict: { files: 1, bytes: 1_000 },
    },
  });
  const api = transferring({
    planned,
    steps: [missing],
    ended: task({ skipped: 2 }),
    skipped: [missing, conflict],
  });
  const { status, stdout } = await runFake(words('copy loras/a.safetensors loras/gone.pt --json'), { api });
  assert.equal(status, 3);
  const document = JSON.parse(stdout);
  assert.deepEqual([document.done, document.skipped, document.bytes], [2, 1, 3_000]);
  assert.deepEqual(document.failed, [failedItem]);
  assert.deepEqual(
    document.skippedFiles.map(({ relPath }: { relPath: string }) => relPath),
    [conflict.relPath],
  );
  const text = await runFake(words('copy loras/a.safetensors loras/gone.pt'), { api });
  assert.match(text.stdout, /Failed \(1\)\n✗ loras\/gone\.pt {2}ENTRY_NOT_FOUND/);
  assert.ok(!text.stdout.includes('queue retry'), 'there is nothing to try again');
});

test('delete of several that are all not there asks for nothing, changes nothing and ends with 3', async () => {
  const order: string[] = [];
  const planned = plan({ kind: 'delete', src: 'lake', dst: null, buckets: { skipped: { files: 1, bytes: 0 } } });
  const api = transferring({ planned, steps: [missing] }, order);
  const { status, stdout } = await runFake(words('delete loras/gone.pt loras/gone2.pt --side lake --json'), { api });
  assert.equal(status, 3);
  const { deleted, failed, skipped } = JSON.parse(stdout);
  assert.deepEqual([deleted, failed, skipped], [0, [failedItem], []]);
  assert.ok(!order.some((call) => call.startsWith('execute')));
});

test('a delete of a folder without files is carried out', async () => {
  const order: string[] = [];
  const planned = plan({ kind: 'delete', src: 'lake', dst: null, buckets: {}, folders: 1 });
  const api = transferring({ planned, ended: task({ kind: 'delete' }) }, order);
  const { status } = await runFake(words('delete old --side lake --yes --json'), { api });
  assert.equal(status, 0);
  assert.ok(order.includes('execute plan0001'));
});

test('--dry-run with a name that is not there lists it and ends with 3', async () => {
  const planned = plan({ buckets: { copy: { files: 2, bytes: 3_000 }, skipped: { files: 1, bytes: 0 } } });
  const api = transferring({ planned, steps: [missing] });
  const { status, stdout } = await runFake(words('copy loras loras/gone.pt --dry-run --json'), { api });
  assert.equal(status, 3);
  assert.equal(JSON.parse(stdout).leftAlone[0].code, 'ENTRY_NOT_FOUND');
});

const roots = { local: path.resolve('/models/local'), lake: path.resolve('/models/lake') };
const rooted: Partial<ApiHandlers> = {
  listLocations: async () => ({
    locations: [location('local', { path: roots.local }), location('lake', { path: roots.lake })],
  }),
};

test('a full path stands for the relPath of what lies there', async () => {
  const order: string[] = [];
  const api = { ...transferring({}, order), ...rooted };
  const full = path.join(roots.local, 'loras', 'a.safetensors');
  const { status } = await runFake(['copy', full, 'vae', '--no-refresh', '--json'], { api });
  assert.equal(status, 0);
  assert.equal(order[0], 'plan copy local lake loras/a.safetensors vae');
});

test('a full path in another location, or of a location as a whole, is refused with what to do', async () => {
  const api = { ...transferring({}), ...rooted };
  const other = await runFake(['copy', path.join(roots.lake, 'x.pt'), '--json'], { api });
  assert.equal(other.status, 2);
  assert.match(errorIn(other).message, /lies in lake, not in local\./);
  const whole = await runFake(['delete', roots.lake, '--side', 'lake', '--yes', '--json'], { api });
  assert.equal(whole.status, 2);
  assert.match(errorIn(whole).message, /is lake as a whole\./);
});

test('ids of locations may be written in any case', async () => {
  const order: string[] = [];
  const { status } = await runFake(words('copy vae --from Local --to LAKE --no-refresh --json'), {
    api: transferring({}, order),
  });
  assert.equal(status, 0);
  assert.equal(order[0], 'plan copy local lake vae');
});

const spellings = [
  ['mirror --plan --from lake', 'mirror plan --from lake'],
  ['mirror --json --plan', 'mirror plan --json'],
  ['mirror --execute plan0001 --yes', 'mirror execute plan0001 --yes'],
  ['mirror --execute=plan0001 --yes', 'mirror execute plan0001 --yes'],
  ['mirror --yes --execute plan0001', 'mirror execute plan0001 --yes'],
  ['dedupe --list', 'dedupe list'],
] as const;
for (const [asOption, asWord] of spellings) {
  test(`${asOption} is ${asWord}`, async () => {
    const named = async (line: string) => {
      const { status, stderr } = await runFake(words(line), { api: twoLocations });
      return [status, stderr];
    };
    const expected = await named(asWord);
    assert.doesNotMatch(String(expected[1]), /Unknown/);
    assert.deepEqual(await named(asOption), expected);
  });
}

const usage = [
  ['copy', 'weightroom copy --help'],
  ['index find', 'weightroom index find --help'],
  ['mirror plan local lake', 'weightroom mirror plan --help'],
  ['mirror --nothing', 'weightroom mirror --help'],
  ['--nothing', 'weightroom --help'],
  ['dedupe apply k3x9a2b7 --rule oldest --action burn', 'weightroom dedupe apply --help'],
] as const;
for (const [line, page] of usage) {
  test(`${line}: the hint leads to ${page}`, async () => {
    const ended = await runFake([...words(line), '--json'], { api: twoLocations });
    assert.equal(ended.status, 2);
    assert.equal(errorIn(ended).hint, `See \`${page}\`.`);
  });
}

test('what a schema has no words for is said in plain ones', async () => {
  const ended = await runFake(words('dedupe apply k3x9a2b7 --rule oldest --action burn'), { api: twoLocations });
  assert.match(ended.stderr, /^error: --action: give delete, hardlink, reflink or symlink\.$/m);
});
