#!/usr/bin/env node
'use strict';
// Keep to syntax that Node 18 understands: this file has to run before it can say that a newer Node is needed.

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const NEEDED_MAJOR = 24;
const root = join(__dirname, '..');
const entry = join(root, 'dist', 'weightroom.js');
const args = process.argv.slice(2);
/** Set for a child of this launcher, so that a channel of someone else's is left alone. */
const launcherMark = 'WEIGHTROOM_LAUNCHER';

function main() {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`);
    return;
  }
  if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
    runOnCarriedNode();
    return;
  }
  stopWithLauncher();
  if (!builtForTheseSources()) return;
  start();
}

/** An older Node starts the one that came with `npm ci`, and passes signals and the exit status through. */
function runOnCarriedNode() {
  const node = require('./carried-node.cjs').findCarriedNode(root);
  if (node === null) {
    fail(`Weightroom needs Node ${NEEDED_MAJOR} or newer; this is ${process.version} and no newer one came with it.`);
    return;
  }
  const { spawn } = require('node:child_process');
  // A small young generation: the index lives long, and what is short-lived is not worth 64 MiB of memory.
  const child = spawn(node, ['--max-semi-space-size=4', __filename, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: Object.assign({}, process.env, { [launcherMark]: '1' }),
  });
  // On Windows the console already told the child, and `kill` would end it without a chance to tidy up.
  const forward = process.platform === 'win32' ? () => undefined : (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => fail(`The Node that came with Weightroom does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code);
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** When the launcher above dies without a word (SIGKILL), the channel closes and the program ends instead of lingering. */
function stopWithLauncher() {
  const byLauncher = process.env[launcherMark] === '1';
  delete process.env[launcherMark];
  if (!byLauncher || !process.channel) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

/** In a repository checkout the program is built when it is missing or older than its sources; elsewhere it is given. */
function builtForTheseSources() {
  if (!existsSync(join(root, 'src'))) return true;
  const { staleParts } = require('./freshness.cjs');
  const wanted = args[0] === 'serve' ? ['program', 'web'] : ['program'];
  const stale = staleParts(root, wanted);
  if (stale.length === 0) return true;
  if (!existsSync(join(root, 'node_modules', 'rolldown'))) {
    if (existsSync(entry)) return true;
    fail('Weightroom is not built here and the build tools are missing: run `npm ci`, without `--omit`, first.');
    return false;
  }
  process.stderr.write('Building Weightroom (once after a change of its sources) …\n');
  const build = require('node:child_process').spawnSync(
    process.execPath,
    [join(root, 'scripts', 'build.mjs'), '--quiet', ...stale],
    { stdio: ['ignore', 2, 2] },
  );
  if (build.status === 0) return true;
  fail('Weightroom could not be built; the reason is above.');
  return false;
}

function start() {
  const { enableCompileCache } = require('node:module');
  // In our own folder, not the shared temp folder: what lies there is run.
  enableCompileCache(join(root, '.cache', 'compiled'));
  import(pathToFileURL(entry).href).catch((error) => {
    fail(`Weightroom does not start: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

main();
