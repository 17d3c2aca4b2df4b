import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd, type Cleanup } from '../program/program.ts';

const source = fileURLToPath(new URL('./faultfs.c', import.meta.url));

/** Why no fault file system can be mounted here; false where one can. */
export const skipWithoutFuse: string | false = obstacle() ?? false;

function obstacle(): string | null {
  if (process.platform !== 'linux') return 'FUSE needs Linux';
  try {
    fs.accessSync('/dev/fuse', fs.constants.R_OK | fs.constants.W_OK);
  } catch {
    return 'there is no /dev/fuse that this user may open';
  }
  if (spawnSync('cc', ['--version']).status !== 0) return 'there is no C compiler';
  if (spawnSync('fusermount3', ['--version']).status !== 0) return 'fusermount3 is not installed';
  if (spawnSync('pkg-config', ['--exists', 'fuse3']).status !== 0) return 'libfuse3-dev is not installed';
  return null;
}

export type Operation =
  | ('getattr' | 'readdir' | 'open' | 'read' | 'readlink' | 'statfs')
  | ('create' | 'write' | 'fsync' | 'truncate' | 'utimens' | 'chmod' | 'link' | 'rename' | 'unlink' | 'mkdir' | 'rmdir')
  | '*';

export interface Fault {
  readonly on: Operation;
  /** Only where the path contains this; it holds no space. Everywhere when left out. */
  readonly path?: string;
  readonly what: 'freeze' | 'flip' | 'lost' | 'short' | { readonly delayMs: number } | { readonly errno: number };
  /** Reads and writes that end before this byte of a file are spared. */
  readonly afterBytes?: number;
}

export interface FaultMount {
  /** Where the files lie; a test changes them there. */
  readonly backing: string;
  /** Where they are seen through the fault file system. */
  readonly mountPoint: string;
  /** From now on these faults, and no others. */
  faults(...faults: readonly Fault[]): void;
  /** Kills the file system's process: every call on the mount then fails with ENOTCONN. */
  kill(): Promise<void>;
  /** Takes a dead or living mount away, whoever still uses it. */
  unmount(): void;
  /** Mounts again at the same place, after `unmount`. */
  mount(): Promise<void>;
}

let compiled: string | null = null;

function compile(): string {
  if (compiled) return compiled;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-faultfs-'));
  const binary = path.join(folder, 'faultfs');
  const flags = spawnSync('pkg-config', ['--cflags', '--libs', 'fuse3'], { encoding: 'utf8' })
    .stdout.trim()
    .split(/\s+/);
  const built = spawnSync('cc', ['-O1', '-Wall', '-Wextra', '-o', binary, source, ...flags, '-pthread'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`faultfs does not compile: ${built.stderr}`);
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  compiled = binary;
  return binary;
}

/** Mounts `folder/<name>-backing` at `folder/<name>`; both are made. Unmounted after the test, whatever happened. */
export async function mountFaulty(t: Cleanup, folder: string, name: string): Promise<FaultMount> {
  const binary = compile();
  const [backing, mountPoint, rules] = [`${name}-backing`, name, `${name}.rules`].map((part) =>
    path.join(folder, part),
  ) as [string, string, string];
  for (const dir of [backing, mountPoint]) fs.mkdirSync(dir, { recursive: true });
  let daemon: ChildProcess | null = null;

  const writeRules = (faults: readonly Fault[]): void => {
    fs.writeFileSync(`${rules}.new`, faults.map(ruleLine).join(''));
    fs.renameSync(`${rules}.new`, rules);
  };

  async function mount(): Promise<void> {
    writeRules([]);
    const started = spawn(binary, [rules, backing, mountPoint, '-f'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    started.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
    daemon = started;
    for (const deadline = performance.now() + 10_000; !isMounted(mountPoint); ) {
      if (started.exitCode !== null || performance.now() > deadline)
        throw new Error(`faultfs did not mount: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async function kill(): Promise<void> {
    const running = daemon;
    daemon = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  }

  function unmount(): void {
    spawnSync('fusermount3', ['-u', '-z', '-q', mountPoint]);
  }

  // Thaws what is frozen first, so that nothing stays behind that waits for an answer.
  atEnd(t, async () => {
    writeRules([]);
    await kill();
    unmount();
  });
  await mount();
  return { backing, mountPoint, faults: (...faults) => writeRules(faults), kill, unmount, mount };
}

function ruleLine({ on, path: part = '*', what, afterBytes = 0 }: Fault): string {
  if (typeof what === 'string') return `${on} ${part} ${what} 0 ${afterBytes}\n`;
  const [word, amount] = 'delayMs' in what ? ['delay', what.delayMs] : ['error', what.errno];
  return `${on} ${part} ${word} ${amount} ${afterBytes}\n`;
}

/** From the mount table: the mount itself may not answer. */
function isMounted(mountPoint: string): boolean {
  return fs
    .readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === mountPoint);
}

/** No answer to anything, as from a NAS that was switched off. */
export const frozen: Fault = { on: '*', what: 'freeze' };
