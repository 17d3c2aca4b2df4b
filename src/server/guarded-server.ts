import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { eventsPath } from '../contract/events-path.ts';
import { AppError } from '../core/errors/app-error.ts';
import { refuse, refuseSocket, toRequestError } from './error-response.ts';
import type { EventsSocket } from './realtime/events-socket.ts';
import { routeNotFound } from './routes/route-not-found.ts';
import { refusalOf } from './security/guard.ts';
import { securityHeaders } from './security/response-headers.ts';
import type { SessionKey } from './security/session-key.ts';

export interface GuardedServerOptions {
  /** Where requests go that the guard has let through. */
  readonly route: (request: IncomingMessage, response: ServerResponse) => void;
  readonly events: EventsSocket;
  readonly key: SessionKey;
  readonly onRequestActivity: () => void;
}

const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  /** For receiving a request. An answer may take as long as it needs. */
  requestTimeout: 60_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
};

/** An HTTP server that looks at every request and every WebSocket upgrade before anything else does. */
export function createGuardedServer(options: GuardedServerOptions): Server {
  /** Connections with an answer under way: nothing else may be written between its bytes. */
  const answering = new WeakSet<Duplex>();
  const settings = { ...limits, shouldUpgradeCallback: asksForWebSocket };
  const server = createServer(settings, (request, response) => {
    answering.add(request.socket);
    response.once('close', () => answering.delete(request.socket));
    const refusal = refusalOfMessage(request);
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    options.onRequestActivity();
    for (const [name, value] of Object.entries(securityHeaders(request.headers.host))) response.setHeader(name, value);
    options.route(request, response);
  });
  server.on('upgrade', (request, socket, head) => upgrade(options, request, socket, head));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (answering.has(socket)) socket.destroy();
    else answerBrokenRequest(error, socket);
  });
  return server;
}

function asksForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

function refusalOfMessage(request: IncomingMessage): AppError | null {
  return refusalOf({
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headersDistinct,
    port: request.socket.localPort ?? 0,
  });
}

function upgrade(options: GuardedServerOptions, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  try {
    const refusal = refusalOfMessage(request);
    if (refusal !== null) throw refusal;
    options.key.requireAuthorized(request.headers, request.socket.localPort ?? 0);
    if (request.url?.split('?', 1)[0] !== eventsPath) throw routeNotFound();
    options.events.accept(request, socket, head);
  } catch (error) {
    refuseSocket(socket, toRequestError(error));
  }
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  refuseSocket(
    socket,
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new AppError('REQUEST_TOO_LARGE', 'The head of the request is larger than 16 kB.')
      : new AppError('INVALID_INPUT', 'The request is not readable as HTTP, or did not arrive in time.'),
  );
}
