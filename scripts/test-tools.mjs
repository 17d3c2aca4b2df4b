import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const bad = ['test/faults/', 'test/crash/'];

/** Programs of Debian that some tests start, and the package each comes from. */
const tools = [
  {
    title: 'a browser for the page tests',
    tests: ['test/e2e/', 'test/server/browser-lab'],
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium'],
  },
  { title: 'FUSE for the tests with bad drives', tests: bad, commands: ['fusermount3'], packages: ['fuse3'] },
  {
    title: 'a C compiler for the tests with bad drives',
    tests: bad,
    commands: ['cc'],
    packages: ['gcc', 'libc6-dev'],
  },
  {
    title: 'pkg-config for the tests with bad drives',
    tests: bad,
    commands: ['pkg-config'],
    packages: ['pkg-config'],
  },
  {
    title: 'the FUSE library for the tests with bad drives',
    tests: bad,
    commands: ['pkg-config'],
    answers: ['pkg-config', '--exists', 'fuse3'],
    packages: ['libfuse3-dev'],
  },
  {
    title: 'XFS for the power-cut tests',
    tests: ['test/crash/'],
    commands: ['mkfs.xfs'],
    packages: ['xfsprogs'],
  },
  {
    title: 'btrfs for the power-cut tests',
    tests: ['test/crash/'],
    commands: ['mkfs.btrfs'],
    packages: ['btrfs-progs'],
  },
  {
    title: 'ext4 for the power-cut tests',
    tests: ['test/crash/'],
    commands: ['mkfs.ext4'],
    packages: ['e2fsprogs'],
  },
  { title: 'rsync, to compare with', tests: ['test/crash/'], commands: ['rsync'], packages: ['rsync'] },
  { title: 'rclone, to compare with', tests: ['test/crash/'], commands: ['rclone'], packages: ['rclone'] },
  {
    title: 'jdupes, to compare with',
    tests: ['test/program/dedupe-peers'],
    commands: ['jdupes'],
    packages: ['jdupes'],
  },
  {
    title: 'rmlint, to compare with',
    tests: ['test/program/dedupe-peers'],
    commands: ['rmlint'],
    packages: ['rmlint'],
  },
  {
    title: 'Wine for the tests under Windows',
    tests: ['test/windows/'],
    commands: ['wine'],
    packages: ['wine', 'wine64'],
  },
];

/** Installs what the chosen tests need and this machine lacks, or says what will be skipped and why. */
export async function provideTestTools(files) {
  const missing = tools.filter(
    (tool) => files.some((file) => tool.tests.some((start) => file.startsWith(start))) && !isReady(tool),
  );
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => tool.packages);
  const obstacle = whyNotInstallable();
  if (obstacle === null) {
    process.stderr.write(`Installing for the tests: ${packages.join(' ')}\n`);
    aptGet('update', '-q');
    aptGet('install', '-q', '-y', '--no-install-recommends', ...packages);
  }
  for (const tool of missing) {
    if (isReady(tool)) continue;
    const why = obstacle ?? `apt-get could not install ${tool.packages.join(' ')}`;
    process.stderr.write(`Missing: ${tool.title}; its tests are skipped (${why}).\n`);
  }
}

function whyNotInstallable() {
  if (!isInstalled('apt-get')) return 'there is no apt-get here';
  if (process.getuid?.() !== 0) return 'installing needs root';
  return null;
}

function aptGet(...args) {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** Its program is there and, where one is named, a command of it says that the rest is too. */
function isReady({ commands, answers }) {
  if (!commands.some(isInstalled)) return false;
  if (answers === undefined) return true;
  const [command, ...args] = answers;
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

export function isInstalled(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, command)));
}
