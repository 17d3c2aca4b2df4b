import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const longestBuildMs = 300_000;

/** One build at a time: several launchers may find `dist` stale in the same moment. */
export async function withBuildLock(root, work) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const path = join(root, '.cache', 'build.lock');
  while (!tryTake(path)) {
    if (ownerIsGone(path)) rmSync(path, { force: true });
    else await sleep(50);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

function tryTake(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerIsGone(path) {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return Date.now() - statSync(path).mtimeMs > longestBuildMs;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
