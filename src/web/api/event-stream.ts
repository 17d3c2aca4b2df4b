import type { EventMessage } from '../../contract/events.ts';
import { eventsPath } from '../../contract/events-path.ts';
import { createStore } from '../ui/store.ts';

/** `lost`: was connected, or has tried for a while; a new attempt is always under way. */
export type Connection = 'connecting' | 'live' | 'lost';

const connection = createStore<Connection>('connecting');

export function useConnection(): Connection {
  return connection.use((state) => state);
}

interface Position {
  readonly seq: number;
  /** Numbers of another process mean something else; the server tells its name with each reset. */
  readonly instance: string;
}

function addressAfter(position: Position | null): string {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const query = position === null ? '' : `?since=${position.seq}&instance=${encodeURIComponent(position.instance)}`;
  return `${scheme}://${window.location.host}${eventsPath}${query}`;
}

/** Follows the server's events for the life of the page; after a break it resumes where it was. */
export function followEvents(onEvent: (event: EventMessage) => void): void {
  let position: Position | null = null;
  let attempts = 0;

  const connect = () => {
    const socket = new WebSocket(addressAfter(position));
    socket.onopen = () => {
      connection.set('live');
      attempts = 0;
    };
    socket.onmessage = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as EventMessage;
      const instance = event.type === 'reset' ? event.instance : position?.instance;
      if (instance !== undefined) position = { seq: event.seq, instance };
      onEvent(event);
    };
    socket.onclose = () => {
      attempts += 1;
      if (position !== null || attempts > 2) connection.set('lost');
      window.setTimeout(connect, Math.min(5_000, 300 * 2 ** Math.min(attempts, 5)));
    };
  };
  connect();
}
