import { WebSocket } from 'ws';
import type { EventMessage, WeightroomEvent } from '../../contract/events.ts';
import { eventsPath } from '../../contract/events-path.ts';
import type { ServerAddress } from './http-api-client.ts';

/** A place in the event stream of one server process. */
export interface EventPosition {
  readonly seq: number;
  readonly instance: string;
}

export interface EventSubscription extends ServerAddress {
  /** Left out: only what happens from now on. */
  readonly since?: EventPosition | undefined;
  /** Every event, once and in order. */
  readonly onEvent: (event: WeightroomEvent) => void;
  /** Events before `position` may have been missed: ask for everything anew. Also called on the first connection without `since`. */
  readonly onReset: (position: EventPosition) => void;
}

const firstRetryMs = 250;
const lastRetryMs = 5_000;
/** The server pings three times a minute; a connection that stays silent for longer is dead. */
const silenceMs = 65_000;

/** Follows the events of a running server and connects again, from where it left off, until closed. */
export function subscribeToServerEvents(subscription: EventSubscription): { close(): void } {
  let position = subscription.since;
  let retryMs = firstRetryMs;
  let isClosed = false;
  let current: WebSocket | undefined;
  let retry: NodeJS.Timeout | undefined;

  const receive = (message: EventMessage) => {
    if (isClosed) return;
    if (message.type === 'reset') {
      position = { seq: message.seq, instance: message.instance };
      subscription.onReset(position);
      return;
    }
    if (position !== undefined) position = { ...position, seq: message.seq };
    subscription.onEvent(message);
  };

  const connect = () => {
    const socket = new WebSocket(eventsUrl(subscription.baseUrl, position), {
      headers: { authorization: `Bearer ${subscription.token}` },
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    });
    current = socket;
    const watch = setTimeout(() => socket.terminate(), silenceMs);
    socket.on('open', () => {
      retryMs = firstRetryMs;
    });
    socket.on('ping', () => watch.refresh());
    socket.on('message', (message) => {
      watch.refresh();
      const event = parseMessage(String(message));
      if (event === undefined) socket.terminate();
      else receive(event);
    });
    socket.on('error', () => {}); // 'close' follows and tries again.
    socket.on('close', () => {
      clearTimeout(watch);
      if (isClosed) return;
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, lastRetryMs);
    });
  };
  connect();

  return {
    close() {
      isClosed = true;
      clearTimeout(retry);
      current?.terminate();
    },
  };
}

/** Undefined for what no Weightroom server sends: another program has the port now. */
function parseMessage(text: string): EventMessage | undefined {
  try {
    return JSON.parse(text) as EventMessage;
  } catch {
    return undefined;
  }
}

function eventsUrl(baseUrl: string, position: EventPosition | undefined): URL {
  const url = new URL(eventsPath, baseUrl);
  url.protocol = 'ws:';
  if (position !== undefined) {
    url.searchParams.set('since', String(position.seq));
    url.searchParams.set('instance', position.instance);
  }
  return url;
}
