import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as startRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { watchTree } from './measure/process-tree.mjs';
import { runCommand } from './measure/run-command.mjs';
import { atEnd, runFolder } from './run-folder.mjs';

const launcher = join(import.meta.dirname, '..', 'bin', 'weightroom.cjs');
const loopProbe = join(import.meta.dirname, 'loop-probe.mjs');
const longestAnswerMs = 180_000;

export function freshAppData() {
  return mkdtempSync(join(runFolder, 'app-data-'));
}

export function dropAppData(folder) {
  if (folder) rmSync(folder, { recursive: true, force: true });
}

/** @param setting `{appData, local, lake?, workers?, mayDelete?}`: folders and threads the program works with. */
function environmentOf({ appData, local, lake, workers, mayDelete = false }) {
  const environment = { ...process.env, APP_DATA_DIR: appData, LOCAL_MODELS_ROOT: local };
  delete environment.LAKE_MODELS_ROOT;
  if (lake !== undefined) environment.LAKE_MODELS_ROOT = lake;
  if (mayDelete) environment.LAKE_ALLOW_DELETE = 'true';
  if (workers !== undefined) environment.HASH_WORKERS = String(workers);
  return environment;
}

/** One command from process start to exit; the answer is what it printed. */
export async function runWeightroom(args, setting) {
  const run = await runCommand([process.execPath, launcher, ...args, '--json'], { env: environmentOf(setting) });
  return { ...run, answer: JSON.parse(run.answer.stdout) };
}

const running = new Set();
atEnd(() => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * A server of its own. `loopReport` names a file that it fills, when it ends, with the moments its event loop was held.
 */
export async function startServer(setting, { loopReport } = {}) {
  const env = environmentOf(setting);
  if (loopReport !== undefined) {
    env.NODE_OPTIONS = `--import=${pathToFileURL(loopProbe).href}`;
    env.BENCH_LOOP_REPORT = loopReport;
  }
  const startedAtMs = Date.now();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [launcher, 'serve', '--port', '0', '--no-open'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const url = new URL(await firstLine(child.stdout));
  const token = url.hash.replace('#token=', '');
  const agent = new Agent({ keepAlive: true });
  const server = {
    pid: child.pid,
    url: url.href,
    origin: url.origin,
    /** Milliseconds from spawn until the address was printed. */
    readyMs: performance.now() - startedAt,
    startedAt,
    get: (path, query = {}) => call({ origin: url.origin, token, agent }, 'GET', withQuery(path, query)),
    post: (path, body) => call({ origin: url.origin, token, agent }, 'POST', path, body),
    /** Times one piece of work, with the CPU time and memory of the whole tree. */
    async measure(work) {
      const tree = watchTree(child.pid);
      const from = performance.now();
      const answer = await work();
      const ms = performance.now() - from;
      const { cpuMs, peakMiB } = tree.stop();
      return { ms, cpuMs, peakMiB, answer };
    },
    /** Until all that the server reads by itself after its start has been read. Resolves with the locations. */
    async settled() {
      for (const deadline = performance.now() + longestAnswerMs; performance.now() < deadline; ) {
        const { locations } = await server.get('/api/locations');
        if (locations.every(({ index }) => !index.refreshing && index.scannedAtMs >= startedAtMs)) return locations;
        await delay(20);
      }
      throw new Error('the first reading of the locations does not end');
    },
    refresh: (location) => server.post('/api/index/refresh', { ...(location ? { location } : {}), wait: true }),
    async stop() {
      agent.destroy();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
  return server;
}

async function firstLine(stream) {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('weightroom serve ended before it was ready');
}

function withQuery(path, query) {
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

function call({ origin, token, agent }, method, path, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = startRequest(new URL(path, origin), {
      method,
      agent,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    request.setTimeout(longestAnswerMs, () =>
      request.destroy(new Error(`${method} ${path}: no answer in ${longestAnswerMs / 1000} s`)),
    );
    request.on('error', reject);
    request.on('response', async (response) => {
      try {
        const answer = JSON.parse(Buffer.concat(await response.toArray()).toString());
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`${method} ${path}: ${answer.error?.message ?? response.statusCode}`));
      } catch (error) {
        reject(error);
      }
    });
    request.end(text);
  });
}
