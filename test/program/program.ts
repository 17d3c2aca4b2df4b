import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd, type Cleanup } from '../support/at-end.ts';

export { atEnd, type Cleanup };

const repository = fileURLToPath(new URL('../..', import.meta.url));
const { staleParts } = createRequire(import.meta.url)('../../bin/freshness.cjs') as {
  staleParts(root: string, parts: readonly string[]): string[];
};

/** The build that `npm test` has just made, which starts faster; the sources where it is older than they are. */
const entry =
  staleParts(repository, ['program']).length === 0
    ? path.join(repository, 'dist', 'weightroom.js')
    : path.join(repository, 'src', 'app', 'entries', 'weightroom.ts');

/** Folders of one test: two models roots and app data, away from the settings of whoever runs the tests. */
export interface Place {
  readonly folder: string;
  readonly local: string;
  readonly lake: string;
  readonly appData: string;
  readonly env: Readonly<Record<string, string>>;
}

export function makePlace(t: Cleanup): Place {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-program-')));
  atEnd(t, () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [local, lake, appData, cwd] = ['local', 'lake', 'app-data', 'cwd'].map((name) => path.join(folder, name));
  for (const root of [local, lake, cwd]) fs.mkdirSync(root!);
  const env = { LOCAL_MODELS_ROOT: local!, LAKE_MODELS_ROOT: lake!, APP_DATA_DIR: appData! };
  return { folder, local: local!, lake: lake!, appData: appData!, env };
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Runs as this user instead; needs root. */
  readonly uid?: number;
  /** Words before the program's own, for Node. */
  readonly nodeArgs?: readonly string[];
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** Windows programs get no socket without SystemRoot; the last two let the suite under Wine in. */
const inheritedKeys =
  process.platform === 'win32'
    ? ['PATH', 'SystemRoot', 'TEMP', 'NODE_OPTIONS', 'NODE_PATH']
    : ['PATH', 'TMPDIR', 'LANG'];

/** Starts the program; nothing of the settings of whoever runs the tests gets in. */
export function spawnProgram(place: Place, args: readonly string[], options: RunOptions = {}): ChildProcess {
  const inherited = Object.fromEntries(inheritedKeys.map((key) => [key, process.env[key]]));
  return spawn(process.execPath, [...(options.nodeArgs ?? []), entry, ...args], {
    cwd: options.cwd ?? path.join(place.folder, 'cwd'),
    env: { ...inherited, HOME: place.folder, ...place.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
}

/** Runs one command to its end. */
export function run(place: Place, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return ended(spawnProgram(place, args, options));
}

/** Collects the output of a process; resolves when it has ended and closed its output. */
export function ended(child: ChildProcess): Promise<Ended> {
  const startedAt = performance.now();
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr, elapsedMs: performance.now() - startedAt }));
  });
}

/** Runs a command that must succeed (or end with `status`) and parses what it printed. */
export async function runJson<T>(
  place: Place,
  args: readonly string[],
  { status = 0, ...options }: RunOptions & { readonly status?: number } = {},
): Promise<T> {
  const result = await run(place, [...args, '--json'], options);
  if (result.status !== status) {
    throw new Error(`${args.join(' ')} ended with ${result.status}, not ${status}: ${result.stderr}${result.stdout}`);
  }
  return JSON.parse(result.stdout) as T;
}

/** The error a command printed on stderr with --json. */
export function errorOf({ stderr }: Pick<Ended, 'stderr'>): {
  code: string;
  kind: string;
  message: string;
  hint?: string;
} {
  const line = stderr.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`no error in: ${stderr}`);
  return (JSON.parse(line) as { error: { code: string; kind: string; message: string; hint?: string } }).error;
}
