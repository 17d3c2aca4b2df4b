import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from '../run-folder.mjs';
import { watchTree } from './process-tree.mjs';

/** What ends sooner was looked at too rarely to say anything of its memory and CPU time. */
const shortestWatchedMs = 100;

/**
 * Runs a program to its end. Its output goes to a file, as every program's does here, and is read after the clock has
 * stopped. Throws when it ends with a status that is not in `ok`.
 */
export async function runCommand(argv, { env = process.env, ok = [0] } = {}) {
  const [program, ...args] = argv;
  const stdoutFile = join(runFolder, 'stdout');
  const stderrFile = join(runFolder, 'stderr');
  const streams = [openSync(stdoutFile, 'w'), openSync(stderrFile, 'w')];
  const startedAt = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', ...streams] });
  const exited = once(child, 'exit');
  for (const stream of streams) closeSync(stream);
  const tree = watchTree(child.pid);
  const [status, signal] = await exited;
  const ms = performance.now() - startedAt;
  const { cpuMs, peakMiB } = tree.stop();
  if (!ok.includes(status)) {
    const said = readFileSync(stderrFile, 'utf8').trim().slice(-400);
    throw new Error(`${program} ended with ${signal ?? `status ${status}`}${said === '' ? '' : `: ${said}`}`);
  }
  const answer = { stdout: readFileSync(stdoutFile, 'utf8') };
  return ms < shortestWatchedMs ? { ms, answer } : { ms, cpuMs, peakMiB, answer };
}
