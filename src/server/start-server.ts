import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiHandlers } from '../contract/api.ts';
import type { EventLog } from '../core/events/event-log.ts';
import { createApplication, type RegisteredRoute } from './application.ts';
import { createGuardedServer } from './guarded-server.ts';
import { listenOnLoopback } from './listen.ts';
import { createEventsSocket, type EventsSocket } from './realtime/events-socket.ts';
import { createSessionKey } from './security/session-key.ts';
import { openWebFiles } from './web-files.ts';

export interface ServerOptions {
  readonly handlers: ApiHandlers;
  readonly events: EventLog;
  /** Secret of this installation; whoever holds it may do everything. */
  readonly token: string;
  readonly version: string;
  /** `localhost` (127.0.0.1 and ::1, the default), or one of the two addresses. */
  readonly host?: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  /** Folder of the built page. */
  readonly webRoot: string;
  /** Called for every request that the guard lets through. */
  readonly onRequestActivity?: (() => void) | undefined;
  /** Receives the cause of every answer that says INTERNAL, to be kept as evidence. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
  /** Check every output against the contract, for tests and development. */
  readonly checkOutput?: boolean | undefined;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  readonly routes: readonly RegisteredRoute[];
  /** Ends within two seconds, whatever clients and handlers still do. Safe to call twice. */
  close(): Promise<void>;
}

/** Time that answers under way get to finish before their connections are cut. */
const closingGraceMs = 500;

/** Starts answering. Throws PORT_IN_USE, or INVALID_SETTING for a host or port that cannot be used. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const ignore = () => {};
  const key = createSessionKey(options.token);
  const { app, routes } = await createApplication({
    handlers: options.handlers,
    key,
    version: options.version,
    webFiles: await openWebFiles(options.webRoot),
    checkOutput: options.checkOutput ?? false,
    onInternalError: options.onInternalError ?? ignore,
  });
  const events = createEventsSocket(options.events);
  const sockets = new Set<Socket>();
  const createServer = () => {
    const onRequestActivity = options.onRequestActivity ?? ignore;
    const server = createGuardedServer({ route: app.routing, events, key, onRequestActivity });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return server;
  };

  try {
    const { servers, port, url } = await listenOnLoopback({ createServer, host: options.host, port: options.port });
    let closing: Promise<void> | undefined;
    const close = async () => {
      await stopServing(servers, events, sockets);
      await app.close();
    };
    return { port, url, routes, close: () => (closing ??= close()) };
  } catch (error) {
    events.close();
    await app.close();
    throw error;
  }
}

async function stopServing(
  servers: readonly Server[],
  events: EventsSocket,
  sockets: ReadonlySet<Socket>,
): Promise<void> {
  const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  events.close();
  const grace = new AbortController();
  await Promise.race([closed, delay(closingGraceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
  grace.abort();
  for (const socket of sockets) socket.destroy();
  await closed;
}
