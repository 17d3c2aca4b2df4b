import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'weightroom.cjs');
const startsWithinMs = 120_000;

export type Side = 'local' | 'lake';

/** Content and age of one file of a test library. */
export interface TestFile {
  readonly text: string;
  readonly ageDays?: number;
}

export interface Program extends AsyncDisposable {
  /** Address with its token, as `serve` printed it. */
  readonly url: string;
  readonly origin: string;
  put(side: Side, relPath: string, file: TestFile): Promise<void>;
  drop(side: Side, relPath: string): Promise<void>;
  /** Puts a link that leads nowhere in the place of a file. */
  breakLink(side: Side, relPath: string): Promise<void>;
  rootOf(side: Side): string;
  /** Ends it, and starts it again at the same address, over the same folders. */
  stop(): Promise<void>;
  startAgain(): Promise<void>;
}

async function putFile(path: string, { text, ageDays = 10 }: TestFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const time = new Date(Date.UTC(2026, 0, 31) - ageDays * 86_400_000);
  await utimes(path, time, time);
}

async function firstLine(child: ChildProcess): Promise<string> {
  const signal = AbortSignal.timeout(startsWithinMs);
  let text = '';
  while (!text.includes('\n')) {
    if (!child.stdout) throw new Error('the program has no output');
    const [chunk] = await once(child.stdout, 'data', { signal });
    text += String(chunk);
  }
  return text.trim();
}

type Library = Readonly<Record<string, Partial<Record<Side, TestFile>>>>;

/** The built program over two folders of its own, started as a person would start it. */
export async function startProgram(library: Library, environment: NodeJS.ProcessEnv = {}): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'weightroom-e2e-'));
  const roots: Record<Side, string> = { local: join(folder, 'local'), lake: join(folder, 'lake') };
  const put = (side: Side, relPath: string, file: TestFile) => putFile(join(roots[side], relPath), file);
  await mkdir(roots.local);
  await mkdir(roots.lake);
  for (const [relPath, sides] of Object.entries(library)) {
    if (sides.local) await put('local', relPath, sides.local);
    if (sides.lake) await put('lake', relPath, sides.lake);
  }
  const serve = (port: string) =>
    spawn(process.execPath, [launcher, 'serve', '--port', port, '--no-open'], {
      cwd: folder,
      env: {
        ...process.env,
        LOCAL_MODELS_ROOT: roots.local,
        LAKE_MODELS_ROOT: roots.lake,
        APP_DATA_DIR: join(folder, 'app-data'),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  let child = serve('0');
  const url = await firstLine(child);
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return {
    url,
    origin: new URL(url).origin,
    put,
    drop: (side, relPath) => rm(join(roots[side], relPath)),
    async breakLink(side, relPath) {
      await rm(join(roots[side], relPath));
      await symlink(join(roots[side], 'nowhere'), join(roots[side], relPath));
    },
    rootOf: (side) => roots[side],
    stop,
    async startAgain() {
      child = serve(new URL(url).port);
      await firstLine(child);
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
