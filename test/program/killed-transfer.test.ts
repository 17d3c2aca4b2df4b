import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atEnd, makePlace } from './program.ts';

const parent = fileURLToPath(new URL('./transfer-parent.ts', import.meta.url));
const skip = process.platform === 'linux' ? false : 'finds the process by /proc';

function childrenOf({ pid }: ChildProcess): string[] {
  return fs.readdirSync('/proc').filter((name) => {
    try {
      const [, itsParent] = /\) \S (\d+) /.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return Number(itsParent) === pid;
    } catch {
      return false;
    }
  });
}

const isRunning = (pid: string): boolean => {
  try {
    return !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

test('a program that is killed takes its transfer along; the unfinished file stays', { skip }, async (t) => {
  const { local, lake } = makePlace(t);
  // One large enough that it is not copied before the kill, whatever the drive.
  fs.writeFileSync(path.join(local, 'a.bin'), '');
  fs.truncateSync(path.join(local, 'a.bin'), 20 * 1024 ** 3);
  const program = spawn(process.execPath, [parent, local, lake], { stdio: ['ignore', 'pipe', 'inherit'] });
  atEnd(t, () => void program.kill('SIGKILL'));
  const [said] = await once(program.stdout, 'data');
  assert.equal(String(said).trim(), 'moved-on');
  const [child = '', ...others] = childrenOf(program);
  assert.deepEqual(others, []);
  assert.ok(isRunning(child));
  program.kill('SIGKILL');
  await once(program, 'exit');
  for (let waits = 0; isRunning(child) && waits < 200; waits += 1) await delay(50);
  assert.equal(isRunning(child), false, 'it has ended');
  assert.deepEqual(fs.readdirSync(lake), ['.a.bin.task.part']);
});
