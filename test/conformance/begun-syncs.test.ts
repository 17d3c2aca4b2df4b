import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type SyncRequest, serveSync } from '../../src/platform/filesystem/syncs-beside.ts';

/** Begins all syncs before it asks for an answer, as the thread that copies does; tells them in the other order. */
const thread = `
  import fs from 'node:fs';
  import { parentPort, workerData } from 'node:worker_threads';
  const { createSyncsBeside } = await import(workerData.module);
  let returns = 0;
  const syncs = createSyncsBeside({ post: (request) => parentPort.postMessage(request), onReturn: () => (returns += 1) });
  const begun = workerData.paths.map((path, k) =>
    syncs.begin(k % 2 === 0 ? 'all' : 'content', path === null ? 99_999 : fs.openSync(path, 'a')));
  const answers = begun.toReversed().map((answer) => {
    try {
      answer();
      return 'stored';
    } catch (error) {
      return error.code;
    }
  });
  parentPort.postMessage({ type: 'answers', answers: answers.toReversed() });
`;

type Said = SyncRequest | { readonly type: 'answers'; readonly answers: readonly string[] };

const onLinux = { skip: process.platform !== 'linux' && 'asks for a device that refuses to be synced' };

test('syncs that are begun together: each answer, and each error, belongs to its own file', onLinux, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weightroom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = Array.from({ length: 40 }, (_, k) => `${folder}/${k}`);
  const paths = [...files.slice(0, 20), '/dev/null', null, ...files.slice(20), '/dev/null'];
  const module = new URL('../../src/platform/filesystem/syncs-beside.ts', import.meta.url).href;
  const source = new URL(`data:text/javascript,${encodeURIComponent(thread)}`);
  const worker = new Worker(source, { workerData: { module, paths } });
  t.after(() => worker.terminate());
  worker.on('message', (said: Said) => {
    if (said.type === 'sync') serveSync(said);
    else worker.emit('answers', said.answers);
  });
  const [answers] = await once(worker, 'answers');
  const expected = paths.map((path) => (path === null ? 'EBADF' : path === '/dev/null' ? 'EINVAL' : 'stored'));
  assert.deepEqual(answers, expected);
});
