import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makePlace } from './program.ts';
import { type Served, serve, until } from './server.ts';

const folders = 1_500;
const files = 20_000;

/** The longest time the server's event loop was held up since this was last asked, in milliseconds. */
function longestBlock(server: Served): Promise<number> {
  return new Promise((resolve) => {
    const take = (chunk: Buffer): void => {
      const found = /longest block: ([\d.]+)/.exec(String(chunk));
      if (!found) return;
      server.child.stderr?.off('data', take);
      resolve(Number(found[1]));
    };
    server.child.stderr?.on('data', take);
    server.child.kill('SIGUSR2');
  });
}

function writeManyFiles(root: string, changed: string): void {
  for (let n = 0; n < folders; n += 1)
    fs.mkdirSync(path.join(root, `category${n % 12}`, `folder${n}`), { recursive: true });
  for (let n = 0; n < files; n += 1) {
    const folder = n % folders;
    fs.writeFileSync(
      path.join(root, `category${folder % 12}`, `folder${folder}`, `some-model-${n}.safetensors`),
      n % 50 === 0 ? changed : '',
    );
  }
}

test('a scan of 20,000 files, comparing and searching leave the event loop free', {
  skip: process.platform === 'win32' && 'needs SIGUSR2',
}, async (t) => {
  const place = makePlace(t);
  const server = await serve(t, place, { nodeArgs: ['--import', new URL('./loop-report.ts', import.meta.url).href] });
  await until(
    'the empty folders are read',
    () => server.api.listLocations({}),
    ({ locations }) => locations.every(({ index }) => index.scannedAtMs !== null && !index.refreshing),
  );
  writeManyFiles(place.local, 'a');
  writeManyFiles(place.lake, 'b');
  const figures: string[] = [];
  const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await longestBlock(server);
    await work();
    const block = await longestBlock(server);
    figures.push(`${what} ${block} ms`);
    assert.ok(block < 1_000, `${what} held the event loop for ${block} ms`);
  };
  await measure('first scan', () => server.api.refreshIndex({ wait: true }));
  await measure('second scan', () => server.api.refreshIndex({ wait: true }));
  await measure('compare', () => server.api.diff({ a: 'local', b: 'lake', limit: 100 }));
  await measure('search', () => server.api.listEntries({ query: 'model 1999' }));
  await measure('hash', () =>
    server.api.hash({ scope: { kind: 'compare', a: 'local', b: 'lake', folder: '' }, wait: true }),
  );
  t.diagnostic(`longest block of the event loop: ${figures.join(', ')}`);
  const { locations } = await server.api.listLocations({});
  assert.deepEqual(
    locations.map(({ index }) => index.files),
    [files, files],
  );
});
