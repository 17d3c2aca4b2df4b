// Builds `dist`: the program with rolldown (one bundle per file in src/app/entries), the page with vite.
// `node scripts/build.mjs [--quiet] [program] [web]`; without parts it builds whatever is stale, `--all` builds both.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { withBuildLock } from './build-lock.mjs';
import { quickToStart } from './quick-start.mjs';
import { requireCurrentNode, root, run } from './run.mjs';

const { listSources, stampPath, staleParts } = createRequire(import.meta.url)('../bin/freshness.cjs');
requireCurrentNode();
const allParts = ['program', 'web'];
const args = process.argv.slice(2);
const quiet = args.includes('--quiet');
const named = allParts.filter((part) => args.includes(part));
const dist = join(root, 'dist');

/** Native code stays outside the bundle; so do the optional speed-ups of `ws`, which it does without. */
const external = ['@napi-rs/blake-hash', 'bufferutil', 'utf-8-validate'];

async function buildProgram(scratch) {
  const { build } = await import('rolldown');
  const entries = readdirSync(join(root, 'src/app/entries')).filter((name) => name.endsWith('.ts'));
  await build({
    input: Object.fromEntries(entries.map((name) => [name.slice(0, -3), join(root, 'src/app/entries', name)])),
    platform: 'node',
    external,
    cwd: root,
    moduleTypes: { '.sql': 'text' },
    logLevel: quiet ? 'silent' : 'warn',
    output: {
      dir: scratch,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
  });
  for (const name of readdirSync(scratch)) {
    const path = join(scratch, name);
    writeFileSync(path, quickToStart(name, readFileSync(path, 'utf8')));
  }
  publish(scratch, (name) => name.endsWith('.js'));
}

async function buildWeb(scratch) {
  if (!existsSync(join(root, 'src/web/index.html'))) return;
  const config = join(root, 'src/web/vite.config.ts');
  await run(
    'vite',
    ['build', '--config', config, '--outDir', scratch, '--emptyOutDir', '--logLevel', quiet ? 'warn' : 'info'],
    { stdout: 'to-stderr' },
  );
  rmSync(join(dist, 'web'), { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  renameSync(scratch, join(dist, 'web'));
}

/** Moves new files in, one rename each, and only then drops those of the previous build. */
function publish(scratch, isOurs) {
  mkdirSync(dist, { recursive: true });
  const made = readdirSync(scratch);
  for (const name of made) renameSync(join(scratch, name), join(dist, name));
  for (const name of readdirSync(dist)) {
    if (isOurs(name) && !made.includes(name)) rmSync(join(dist, name), { force: true });
  }
}

async function buildPart(part) {
  const started = performance.now();
  const sources = listSources(root, part);
  const scratch = join(root, '.cache', `build-${part}`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  rmSync(stampPath(root, part), { force: true });
  await (part === 'program' ? buildProgram(scratch) : buildWeb(scratch));
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  writeFileSync(stampPath(root, part), sources);
  if (!quiet) process.stderr.write(`built ${part} in ${Math.round(performance.now() - started)} ms\n`);
}

await withBuildLock(root, async () => {
  const wanted = named.length > 0 ? named : allParts;
  // Looked at inside the lock: whoever waited for another build finds its work done.
  for (const part of args.includes('--all') ? wanted : staleParts(root, wanted)) await buildPart(part);
});
