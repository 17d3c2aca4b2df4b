import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../program/program.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const { resolve } = createRequire(import.meta.url);
const packages = ['@napi-rs/blake-hash', '@napi-rs/blake-hash-win32-x64-msvc'];

/** The program as a person has it who did not get its sources: what package.json names, and what it needs to run. */
function install(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom start & '));
  atEnd(t, () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));
  for (const part of ['bin', 'dist', 'demo', 'package.json', 'start.cmd']) {
    fs.cpSync(path.join(repository, part), path.join(folder, part), { recursive: true });
  }
  for (const name of packages) {
    fs.cpSync(path.dirname(resolve(`${name}/package.json`)), path.join(folder, 'node_modules', name), {
      recursive: true,
    });
  }
  return folder;
}

interface Started {
  readonly child: ChildProcess;
  readonly line: string;
}

/** Starts a script of Windows' command line, with this very Node in the PATH, and waits for the address. */
async function start(t: TestContext, folder: string, args: readonly string[]): Promise<Started> {
  const appData = path.join(folder, 'app data');
  const env = {
    ...process.env,
    PATH: `${path.dirname(process.execPath)};${process.env.PATH}`,
    APP_DATA_DIR: appData,
    LOCAL_MODELS_ROOT: path.join(folder, 'demo'),
    LAKE_MODELS_ROOT: '',
  };
  const script = path.join(folder, 'start.cmd');
  const child = spawn('cmd.exe', ['/d', '/s', '/c', `""${script}" ${args.join(' ')}"`], {
    cwd: os.tmpdir(),
    env,
    windowsVerbatimArguments: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.on('exit', () => done()));
  atEnd(t, async () => {
    if (child.exitCode === null) endServer(appData);
    await ended;
  });
  let problem = '';
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk));
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const line = /^http\S+(?=\r?\n)/m.exec(output)?.[0];
    if (line !== undefined) return { child, line };
  }
  throw new Error(`it ended without its address: ${problem}${output}`);
}

/** The command line's own process is only its parent. */
function endServer(appData: string): void {
  const record = JSON.parse(fs.readFileSync(path.join(appData, 'instance.json'), 'utf8')) as { readonly pid: number };
  process.kill(record.pid);
}

describe('start.cmd', () => {
  test('starts the server, whatever the folder is called, and hands its words on', async (t) => {
    const folder = install(t);
    const { line } = await start(t, folder, ['--port', '0', '--no-open']);
    const url = new URL(line);
    const answer = await fetch(new URL('/api/locations', url.origin), {
      headers: { authorization: `Bearer ${url.hash.replace('#token=', '')}` },
    });
    assert.equal(answer.status, 200);
    const page = await fetch(url.origin);
    assert.match(await page.text(), /<div id="root">/);
  });

  test('has the line ends of Windows', () => {
    const text = fs.readFileSync(path.join(repository, 'start.cmd'), 'utf8');
    assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
  });
});

test('the launcher says its version without starting anything', () => {
  const { stdout, status } = spawnSync(process.execPath, ['bin/weightroom.cjs', '--version'], {
    cwd: repository,
    encoding: 'utf8',
  });
  assert.deepEqual([status, /^\d+\.\d+\.\d+\s*$/.test(stdout)], [0, true]);
});
