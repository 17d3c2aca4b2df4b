import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./terminal-program.ts', import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors.text += text;
  });
  return { child, errors, ended: once(child, 'close') };
}

test('a reader that closes the pipe ends an endless output quietly', async () => {
  const { child, errors, ended } = start('diff', '--no-refresh', '--json', '--entries');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [status] = await ended;
  assert.equal(status, 0);
  assert.equal(errors.text, '');
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} cancels the running command: 130, nothing on stdout`, {
    skip: process.platform === 'win32',
  }, async () => {
    const { child, errors, ended } = start('index', 'refresh');
    let stdout = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
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
  const { child, errors, ended } = start('index', 'cancel');
  await Promise.race([once(child.stderr, 'data'), ended]);
  child.kill('SIGTERM');
  const [status] = await ended;
  assert.equal(status, 130);
  assert.match(
    errors.text,
    /^note: This command waits for something that may never come.*\nerror: The command was cancelled.\n$/,
  );
});
