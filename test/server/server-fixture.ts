import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventLog, type EventLog } from '../../src/core/events/event-log.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/start-server.ts';
import { stubHandlers } from './stub-handlers.ts';

export const token = 'a-token-for-tests-0123456789abcdef';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Leave out what an own client sends by itself: token, and JSON as content type of changes. */
  readonly bare?: boolean;
}

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly events: EventLog;
  readonly webRoot: string;
  readonly internalErrors: unknown[];
  ask(path: string, asked?: Asked): Promise<Answer>;
}

/** A promise that a test settles itself. */
export function createGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, resolve: () => open() };
}

/** A real server on a free port, with stub handlers and a small built page. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'weightroom-server-'));
  const webRoot = join(folder, 'web');
  await mkdir(join(webRoot, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'outside the web root');
  await writeFile(
    join(webRoot, 'index.html'),
    '<!doctype html><title>Weightroom</title><link rel="icon" href="data:,">',
  );
  await writeFile(join(webRoot, 'assets', 'index-Ab12Cd34.js'), 'export {};');
  const events = createEventLog({ nowMs: () => 1_000, monotonicMs: () => 0 }, 'instance-1', 10);
  const internalErrors: unknown[] = [];
  const server = await startServer({
    handlers: stubHandlers,
    events,
    token,
    version: '9.9.9',
    port: 0,
    webRoot,
    checkOutput: true,
    onInternalError: (error) => internalErrors.push(error),
    ...options,
  });
  return {
    server,
    events,
    webRoot,
    internalErrors,
    ask: (path, asked) => ask(server.port, path, asked),
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One request as written, byte for byte where it matters: address, Host and headers are not normalised. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body, bare = false }: Asked = {},
): Promise<Answer> {
  const changes = method !== 'GET' && method !== 'HEAD';
  const own: Record<string, string> = bare ? {} : { authorization: `Bearer ${token}` };
  if (!bare && changes && method !== 'DELETE') own['content-type'] = 'application/json';
  if (body !== undefined) own['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: new Agent({ keepAlive: false }),
      headers: { host: `127.0.0.1:${port}`, ...own, ...headers },
      setHost: false,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.end(body);
  });
}
