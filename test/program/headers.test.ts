import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { errorOf, makePlace, run, runJson } from './program.ts';
import { serve } from './server.ts';
import { fingerprint, writeFile } from './trees.ts';

function putModel(root: string, relPath: string, metadata: Record<string, string>, dtype = 'F16'): void {
  const json = Buffer.from(
    JSON.stringify({ __metadata__: metadata, w: { dtype, shape: [2, 3], data_offsets: [0, 12] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = path.join(root, relPath);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, Buffer.concat([length, json, Buffer.alloc(12)]));
}

test('headers are read and compared through the drives’ own processes, by API and by command', async (t) => {
  const place = makePlace(t);
  putModel(place.local, 'loras/a.safetensors', { 'modelspec.title': 'A', epochs: '10' });
  putModel(place.lake, 'loras/a.safetensors', { 'modelspec.title': 'A', epochs: '20' }, 'BF16');
  const before = fingerprint(place.local);
  const { api, stop } = await serve(t, place);
  await api.refreshIndex({ wait: true });
  const idOf = async (location: string) => (await api.listEntries({ location })).entries[0]?.id ?? '';
  const [a, b] = [await idOf('local'), await idOf('lake')];
  const { header } = await api.readHeader({ id: a });
  assert.deepEqual([header?.format, header?.tensorCount, header?.parameters], ['safetensors', 1, 6]);
  const compared = await api.compareHeaders({ a, b });
  assert.deepEqual(
    compared.differences.map(({ what, key, a: one, b: other }) => [what, key, one, other]),
    [
      ['metadata', 'epochs', '10', '20'],
      ['tensor', 'w', 'F16 [2, 3]', 'BF16 [2, 3]'],
    ],
  );
  fs.rmSync(path.join(place.lake, 'loras', 'a.safetensors'));
  const oneSided = await api.compareHeaders({ a, b });
  assert.equal(oneSided.a.header?.format, 'safetensors');
  assert.match(oneSided.b.problem?.message ?? '', /does not exist/);
  await stop();

  const shown = await runJson<{ header: { facts: unknown[] } }>(place, [
    'inspect',
    path.join(place.local, 'loras', 'a.safetensors'),
  ]);
  assert.deepEqual(shown.header.facts, [{ key: 'Name', value: 'A' }]);
  assert.equal(fingerprint(place.local), before);
});

test('a file outside of all locations is not read', async (t) => {
  const place = makePlace(t);
  writeFile(place.folder, { relPath: 'other/a.pt', seed: 1, size: 10 });
  const result = await run(place, ['inspect', path.join(place.folder, 'other', 'a.pt'), '--json']);
  assert.equal(result.status, 2);
  assert.match(errorOf(result).message, /lies in none of your locations/);
});
