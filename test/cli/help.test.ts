import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands, groups } from '../../src/cli/command-table.ts';
import { runFake } from './fake-host.ts';

/** `UPDATE_SNAPSHOTS=1 node --test test/cli/help.test.ts` writes what the program says now. */
const update = process.env.UPDATE_SNAPSHOTS === '1';
const pages = [[], ...Object.keys(groups).map((group) => [group]), ...commands.map(({ path }) => path.split(' '))];

for (const words of pages) {
  const name = words.length === 0 ? 'weightroom' : words.join('-');
  test(`help of ${['weightroom', ...words].join(' ')} is as recorded`, async () => {
    const file = new URL(`./help-pages/${name}.txt`, import.meta.url);
    const { status, stdout, stderr } = await runFake([...words, '--help']);
    assert.equal(status, 0);
    assert.equal(stderr, '');
    if (update) {
      mkdirSync(new URL('./help-pages/', import.meta.url), { recursive: true });
      writeFileSync(file, stdout);
    }
    assert.equal(stdout, readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
  });
}

test('every command shows an example and fits 100 columns', async () => {
  for (const command of commands) {
    assert.ok(command.examples.length > 0, command.path);
    for (const { line } of command.examples) assert.ok(line.startsWith(`weightroom ${command.path}`), line);
    const { stdout } = await runFake([...command.path.split(' '), '-h']);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, `${command.path}: ${line}`);
  }
});

test('no words at all show the overview; `help diff` shows the page of diff', async () => {
  const overview = await runFake([]);
  assert.equal(overview.status, 0);
  assert.equal(overview.stdout, (await runFake(['--help'])).stdout);
  assert.equal((await runFake(['help', 'diff'])).stdout, (await runFake(['diff', '--help'])).stdout);
  assert.equal((await runFake(['--version'])).stdout, '1.2.3\n');
});
