import { type EventMessage, eventsPath } from '../../contract/events.ts';
import { createStore } from '../ui/store.ts';

/** `lost`: was connected, or has tried for a while; a new attempt is always under way. */
export type Connection = 'connecting' | 'live' | 'lost';

const connection = createStore<Connection>('connecting');

export function useConnection(): Connection {
  return connection.use((state) => state);
}

function addressAfter(seq: number | null): string {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const since = seq === null ? '' : `?since=${seq}`;
  return `${scheme}://${window.location.host}${eventsPath}${since}`;
}

export interface EventStreamOptions {
  readonly onEvent: (event: EventMessage) => void;
  /** Connected again after a break: the other end may be a new process whose numbers mean something else. */
  readonly onReconnect: () => void;
}

/** Follows the server's events for the life of the page; resumes after the last number it saw. */
export function followEvents({ onEvent, onReconnect }: EventStreamOptions): void {
  let lastSeq: number | null = null;
  let attempts = 0;
  let wasLive = false;

  const connect = () => {
    const socket = new WebSocket(addressAfter(lastSeq));
    socket.onopen = () => {
      connection.set('live');
      if (wasLive) onReconnect();
      wasLive = true;
      attempts = 0;
    };
    socket.onmessage = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as EventMessage;
      lastSeq = event.seq;
      onEvent(event);
    };
    socket.onclose = () => {
      attempts += 1;
      if (wasLive || attempts > 2) connection.set('lost');
      window.setTimeout(connect, Math.min(5_000, 300 * 2 ** Math.min(attempts, 5)));
    };
  };
  connect();
}
