import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { findCarriedNode } = createRequire(import.meta.url)('../bin/carried-node.cjs');

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The tools as scripts for Node: `.cmd` shims would need a shell on Windows. */
const toolScripts = {
  tsc: 'node_modules/typescript/bin/tsc',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  knip: 'node_modules/knip/bin/knip.js',
  vite: 'node_modules/vite/bin/vite.js',
};

/** Starts a tool or a script of this repository on this Node. */
export function start(tool, args, { stdout = 'inherit' } = {}) {
  const script = join(root, toolScripts[tool] ?? tool);
  return spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', stdout === 'to-stderr' ? 2 : 'inherit', 'inherit'],
  });
}

/** Runs it to its end; resolves with the exit status, 1 for a death by signal. */
export function exitStatus(tool, args, options) {
  return new Promise((resolve, reject) => {
    const child = start(tool, args, options);
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

export async function run(tool, args, options) {
  const status = await exitStatus(tool, args, options);
  if (status !== 0) {
    process.stderr.write(`${tool} failed (exit status ${status}).\n`);
    process.exit(status);
  }
}

/** The scripts use what Node 24 brings. `npm run` puts the carried one first; a plain older `node` hands over to it. */
export function requireCurrentNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  const node = findCarriedNode(root);
  if (node === null) {
    process.stderr.write(`This needs Node 24, not ${process.version}, and \`npm ci\` brought none for this machine.\n`);
    process.exit(1);
  }
  process.exit(spawnSync(node, process.argv.slice(1), { stdio: 'inherit' }).status ?? 1);
}
