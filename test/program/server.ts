import type { ChildProcess } from 'node:child_process';
import type { Api } from '../../src/contract/api.ts';
import { createHttpApi } from '../../src/platform/network/http-api-client.ts';
import { atEnd, type Cleanup, type Ended, ended, type Place, type RunOptions, spawnProgram } from './program.ts';

export interface Served {
  readonly child: ChildProcess;
  /** `http://127.0.0.1:PORT` */
  readonly baseUrl: string;
  readonly token: string;
  /** The line the server printed. */
  readonly line: string;
  readonly api: Api;
  readonly end: Promise<Ended>;
  /** Sends SIGTERM and waits. */
  stop(): Promise<Ended & { readonly stopMs: number }>;
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts `weightroom serve` and waits for its address. */
export async function serve(
  t: Cleanup,
  place: Place,
  { args = ['--port', '0', '--no-open'], ...options }: RunOptions & { readonly args?: readonly string[] } = {},
): Promise<Served> {
  const child = spawnProgram(place, ['serve', ...args], options);
  const end = ended(child);
  atEnd(t, async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await end;
  });
  const line = await firstLine(child, end);
  const url = new URL(line);
  const token = url.hash.replace('#token=', '');
  const baseUrl = url.origin;
  return {
    child,
    baseUrl,
    token,
    line,
    end,
    api: createHttpApi({ baseUrl, token }),
    async stop() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      const result = await end;
      return { ...result, stopMs: performance.now() - startedAt };
    },
    request: (path, init = {}) =>
      fetch(new URL(path, baseUrl), { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
  };
}

function firstLine(child: ChildProcess, end: Promise<Ended>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      const at = text.indexOf('\n');
      if (at >= 0) resolve(text.slice(0, at));
    });
    end.then(
      ({ status, stderr }) => reject(new Error(`the server ended with ${status} before it answered: ${stderr}`)),
      reject,
    );
  });
}

/** Waits until something holds, asking again and again; ends with the last answer in the error. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  limitMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() > deadline)
      throw new Error(`never came true: ${what}; last: ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
