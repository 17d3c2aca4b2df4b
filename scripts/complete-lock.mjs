// Run after `npm install` changed package-lock.json. Where a registry does not serve the native packages of other
// platforms, npm leaves them out of the lock, and `npm ci` then refuses it everywhere. This adds what the dependants
// name, with the platform their names tell, so that npm skips them where they don't belong.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const file = process.argv[2] ?? join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** What Node's module resolution finds for `name` from the package at `path`. */
function find(path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const found = lock.packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`];
    if (found !== undefined || base === '') return found;
  }
}

function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const system = systems.find((word) => words.includes(word));
  const processor = processors.find((word) => words.includes(word));
  if (processor === undefined) return null;
  const libc = system !== 'linux' ? undefined : words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  return {
    cpu: [processor],
    ...(libc === undefined ? {} : { libc: [libc] }),
    ...(system === undefined ? {} : { os: [system] }),
  };
}

const added = [];
for (const [path, dependant] of Object.entries(lock.packages)) {
  if (path === '') continue;
  for (const [name, version] of Object.entries(dependant.optionalDependencies ?? {})) {
    const platform = platformOf(name);
    if (platform === null || find(path, name)?.version === version) continue;
    const beside = `${path.slice(0, path.lastIndexOf('node_modules/'))}node_modules/${name}`;
    const place = beside in lock.packages ? `${path}/node_modules/${name}` : beside;
    const dev = dependant.dev === true ? { dev: true } : {};
    lock.packages[place] = { version, ...dev, optional: true, ...platform };
    added.push(`${name}@${version}`);
  }
}
const inOrder = Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1));
lock.packages = Object.fromEntries(inOrder);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(added.length === 0 ? 'The lock is complete.\n' : `Added ${added.length}: ${added.join(', ')}\n`);
