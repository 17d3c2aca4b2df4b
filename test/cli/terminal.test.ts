import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isRoot, tool } from '../crash/shell.ts';

const program = fileURLToPath(new URL('./terminal-program.ts', import.meta.url));

function start({ stdout }: { readonly stdout: number | 'pipe' }, ...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', stdout, 'pipe'] });
  const errors = { text: '' };
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    errors.text += text;
  });
  return { child, errors, ended: once(child, 'close') };
}

test('a reader that closes the pipe ends an endless output quietly', async () => {
  const { child, errors, ended } = start({ stdout: 'pipe' }, 'diff', '--no-refresh', '--json', '--entries');
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [status] = await ended;
  assert.equal(status, 0);
  assert.equal(errors.text, '');
});

test('output that cannot be written to its end is no success: 8, and a sentence', {
  skip: existsSync('/dev/full') ? false : 'there is no /dev/full here',
}, async () => {
  const full = openSync('/dev/full', 'w');
  const { errors, ended } = start({ stdout: full }, 'diff', '--no-refresh', '--json', '--entries');
  const [status] = await ended;
  closeSync(full);
  assert.equal(status, 8);
  assert.match(JSON.parse(errors.text).error.message, /could not be written to its end/);
});

test('a drive that takes a part of the output and then no more: 8 as well', {
  skip: isRoot ? false : 'mounting needs root on Linux',
}, async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'weightroom-full-'));
  await tool('mount', '-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder);
  t.after(async () => {
    await tool('umount', folder);
    rmdirSync(folder);
  });
  const file = openSync(path.join(folder, 'out'), 'w');
  const { errors, ended } = start({ stdout: file }, 'index', 'find', 'x', '--json');
  const [status] = await ended;
  closeSync(file);
  assert.equal(status, 8);
  assert.match(errors.text, /its drive is full/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} cancels the running command: 130, nothing on stdout`, {
    skip: process.platform === 'win32',
  }, async () => {
    const { child, errors, ended } = start({ stdout: 'pipe' }, 'index', 'refresh');
    let stdout = '';
    child.stdout?.on('data', (text) => {
      stdout += text;
    });
    assert.ok(child.stderr);
    await once(child.stderr, 'data');
    child.kill(signal);
    const [status] = await ended;
    assert.equal(status, 130);
    assert.equal(stdout, '');
    assert.equal(errors.text, 'refreshing\nerror: The command was cancelled.\n');
  });
}

test('a command whose answer was lost says so and stays until it is cancelled, instead of ending in the middle', {
  skip: process.platform === 'win32',
}, async () => {
  const { child, errors, ended } = start({ stdout: 'pipe' }, 'index', 'cancel');
  assert.ok(child.stderr);
  await Promise.race([once(child.stderr, 'data'), ended]);
  child.kill('SIGTERM');
  const [status] = await ended;
  assert.equal(status, 130);
  assert.match(
    errors.text,
    /^note: This command waits for something that may never come.*\nerror: The command was cancelled.\n$/,
  );
});
