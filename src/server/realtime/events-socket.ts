import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { EventMessage } from '../../contract/events.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import { refuseSocket } from '../error-response.ts';
import { parseInput } from '../routes/parse-input.ts';

/** Hands the event log to WebSocket clients, each from where it left off. */
export interface EventsSocket {
  /** Takes over a connection that the guard has let through. Throws INVALID_INPUT for a bad query. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** Unsent bytes after which a slow reader gets no more events until it has caught up. */
const maxBufferedBytes = 4 * 1024 * 1024;
const caughtUpBytes = 64 * 1024;
const heartbeatMs = 20_000;

const querySchema = z.object({
  since: z.coerce.number().int().min(0).optional(),
  instance: z.string().max(200).optional(),
});
type Position = z.infer<typeof querySchema>;

interface Reader {
  readonly socket: WebSocket;
  isLagging: boolean;
  isAlive: boolean;
}

export function createEventsSocket(events: EventLog): EventsSocket {
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: 4_096,
    perMessageDeflate: false,
    clientTracking: false,
  });
  upgrader.on('wsClientError', (_error, socket) => {
    refuseSocket(socket, new AppError('INVALID_INPUT', 'The WebSocket handshake is malformed.'));
  });
  const readers = new Set<Reader>();

  const sendReset = (reader: Reader) => {
    send(
      reader,
      JSON.stringify({ type: 'reset', seq: events.lastSeq, instance: events.instance } satisfies EventMessage),
    );
  };
  const send = (reader: Reader, json: string) => {
    reader.socket.send(json, () => {
      if (!reader.isLagging || reader.socket.readyState !== WebSocket.OPEN) return;
      if (reader.socket.bufferedAmount > caughtUpBytes) return;
      reader.isLagging = false;
      sendReset(reader);
    });
  };
  const deliver = (reader: Reader, json: string) => {
    if (reader.isLagging || reader.socket.readyState !== WebSocket.OPEN) return;
    send(reader, json);
    reader.isLagging = reader.socket.bufferedAmount > maxBufferedBytes;
  };
  const unsubscribe = events.subscribe((event) => {
    if (readers.size === 0) return;
    const json = JSON.stringify(event);
    for (const reader of readers) deliver(reader, json);
  });

  const welcome = (socket: WebSocket, position: Position) => {
    const reader: Reader = { socket, isLagging: false, isAlive: true };
    socket.on('pong', () => {
      reader.isAlive = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => readers.delete(reader));
    const missed = missedSince(events, position);
    if (missed === null) sendReset(reader);
    else for (const event of missed) deliver(reader, JSON.stringify(event));
    readers.add(reader);
  };

  const heartbeat = setInterval(() => {
    for (const reader of readers) {
      if (!reader.isAlive) reader.socket.terminate();
      else reader.socket.ping();
      reader.isAlive = false;
    }
  }, heartbeatMs);
  heartbeat.unref();

  return {
    accept(request, socket, head) {
      const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
      const position = parseInput(querySchema, Object.fromEntries(query));
      upgrader.handleUpgrade(request, socket, head, (client) => welcome(client, position));
    },
    close() {
      clearInterval(heartbeat);
      unsubscribe();
      for (const reader of readers) reader.socket.close(1001, 'Weightroom is stopping.');
    },
  };
}

/** Null when the reader has to start anew: it is new, comes from another process, or was away for too long. */
function missedSince(events: EventLog, { since, instance }: Position) {
  if (since === undefined || (instance !== undefined && instance !== events.instance)) return null;
  return events.since(since);
}
