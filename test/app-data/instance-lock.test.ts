import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { acquireInstanceLock, readInstance } from '../../src/platform/app-data/instance-lock.ts';
import { atEnd, type Cleanup } from '../program/program.ts';

const fixture = fileURLToPath(new URL('./fixtures/hold-lock.ts', import.meta.url));

interface Starter {
  readonly child: ChildProcess;
  /** Its first line: `won`, or `lost CODE message`. */
  readonly outcome: string;
}

async function start(folder: string, ...args: readonly string[]): Promise<Starter> {
  const child = spawn(process.execPath, ['--no-warnings', fixture, folder, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('\n')) break;
  }
  return { child, outcome: output.trim() };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

function tempFolder(t: Cleanup): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-lock-')));
  atEnd(t, () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a second instance is refused and told who is there and where it answers', async (t) => {
  const folder = tempFolder(t);
  const { child, outcome } = await start(folder, '0', 'server', 'http://127.0.0.1:4810/');
  assert.equal(outcome, 'won');
  atEnd(t, () => kill(child, 'SIGKILL'));
  await assert.rejects(acquireInstanceLock(folder, { kind: 'command' }), {
    code: 'INSTANCE_RUNNING',
    message: new RegExp(
      `is using ${folder.replaceAll('\\', '\\\\')}: the server at http://127\\.0\\.0\\.1:4810/ \\(process ${child.pid}, since `,
    ),
    hint: /APP_DATA_DIR/,
  });
  const record = readInstance(folder);
  assert.deepEqual(
    { kind: record?.kind, pid: record?.pid, url: record?.url },
    { kind: 'server', pid: child.pid, url: 'http://127.0.0.1:4810/' },
  );
});

test('after kill -9 of the holder the folder is free at once, and the record it left means nothing', async (t) => {
  const folder = tempFolder(t);
  for (let round = 0; round < 5; round += 1) {
    const { child, outcome } = await start(folder, '0', 'server', 'http://127.0.0.1:1/');
    assert.equal(outcome, 'won');
    assert.notEqual(readInstance(folder), null);
    await kill(child, 'SIGKILL');
    assert.ok(fs.existsSync(path.join(folder, 'instance.json')), 'the killed process could not remove it');
    assert.equal(readInstance(folder), null);
    const lock = await acquireInstanceLock(folder, { kind: 'command', command: 'hash' });
    assert.equal(readInstance(folder)?.pid, process.pid);
    lock.release();
  }
});

test('of two that start at once exactly one wins, every time', async (t) => {
  const folder = tempFolder(t);
  for (let round = 0; round < 20; round += 1) {
    const starters = await Promise.all([start(folder, '0', 'server'), start(folder, '0', 'command')]);
    const outcomes = starters.map(({ outcome }) => outcome).sort();
    assert.equal(outcomes[1], 'won', outcomes.join(' | '));
    assert.match(outcomes[0] ?? '', /^lost INSTANCE_RUNNING Another Weightroom is using .*(server|index refresh)/);
    await Promise.all(starters.map(({ child }) => kill(child, 'SIGKILL')));
  }
});

test('one that waits gets the lock when the holder ends', async (t) => {
  const folder = tempFolder(t);
  const first = await start(folder, '0', 'command');
  const second = start(folder, '20000', 'command');
  first.child.stdin?.end();
  const { child, outcome } = await second;
  atEnd(t, () => kill(child, 'SIGKILL'));
  assert.equal(outcome, 'won');
  assert.equal(readInstance(folder)?.pid, child.pid);
});

test('within one process the lock holds too, and release gives it free and takes the record away', async (t) => {
  const folder = tempFolder(t);
  const lock = await acquireInstanceLock(folder, { kind: 'server' });
  await assert.rejects(acquireInstanceLock(folder, { kind: 'server' }), {
    code: 'INSTANCE_RUNNING',
    message: /a server that is starting/,
  });
  assert.equal(lock.record.url, null);
  lock.setUrl('http://localhost:1/');
  assert.equal(lock.record.url, 'http://localhost:1/');
  assert.equal(readInstance(folder)?.url, 'http://localhost:1/');
  lock.release();
  lock.release();
  lock.setUrl('http://localhost:2/');
  assert.equal(readInstance(folder), null);
  assert.deepEqual(fs.readdirSync(folder), ['instance.lock.db']);
  (await acquireInstanceLock(folder, { kind: 'server' })).release();
});

test('a lock that nobody refers to any more is not lost to the garbage collector', async (t) => {
  const folder = tempFolder(t);
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--expose-gc',
      '--input-type=module',
      '-e',
      `const { acquireInstanceLock, readInstance } = await import(${JSON.stringify(new URL('../../src/platform/app-data/instance-lock.ts', import.meta.url).href)});
       await acquireInstanceLock(${JSON.stringify(folder)}, { kind: 'server' });
       for (let i = 0; i < 5; i += 1) { globalThis.gc(); await new Promise((done) => setTimeout(done, 10)); }
       process.stdout.write(readInstance(${JSON.stringify(folder)}) === null ? 'lost' : 'held');`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  assert.equal(output, 'held');
});

test('looking who is there does not make a starter lose', async (t) => {
  const folder = tempFolder(t);
  (await acquireInstanceLock(folder, { kind: 'command' })).release();
  const looking = setInterval(() => readInstance(folder), 1);
  atEnd(t, () => clearInterval(looking));
  for (let round = 0; round < 5; round += 1) {
    const { child, outcome } = await start(folder, '0', 'command');
    assert.equal(outcome, 'won');
    await kill(child, 'SIGKILL');
  }
});

test('a damaged lock file or record does not keep anybody out', async (t) => {
  const folder = tempFolder(t);
  for (const bytes of ['garbage '.repeat(2_000), 'x', 'SQLite format 3\0'.padEnd(4_096, 'x')]) {
    fs.writeFileSync(path.join(folder, 'instance.lock.db'), bytes);
    fs.writeFileSync(path.join(folder, 'instance.json'), '{"pid": "no');
    const lock = await acquireInstanceLock(folder, { kind: 'server' });
    assert.equal(readInstance(folder)?.pid, process.pid);
    lock.release();
  }
});

test('a folder that is not there has no instance and cannot be locked', async (t) => {
  const folder = path.join(tempFolder(t), 'missing');
  assert.equal(readInstance(folder), null);
  await assert.rejects(acquireInstanceLock(folder, { kind: 'command' }), { code: 'FILE_NOT_FOUND' });
});
