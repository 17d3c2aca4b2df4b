import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { EventMessage } from '../../src/contract/events.ts';
import { ask, startTestServer, type TestServer, token } from './server-fixture.ts';

let test: TestServer;
before(async () => {
  test = await startTestServer();
});
after(() => test[Symbol.asyncDispose]());

const bearer = { authorization: `Bearer ${token}` };

interface Reader {
  readonly socket: WebSocket;
  readonly messages: EventMessage[];
  /** Waits until so many messages have come in all. */
  until(count: number): Promise<EventMessage[]>;
}

async function read(query = '', headers: Record<string, string> = bearer): Promise<Reader> {
  const socket = new WebSocket(`ws://127.0.0.1:${test.server.port}/api/events${query}`, { headers });
  const messages: EventMessage[] = [];
  socket.on('message', (message) => messages.push(JSON.parse(String(message))));
  await once(socket, 'open');
  const until = async (count: number) => {
    while (messages.length < count) await once(socket, 'message');
    return messages;
  };
  return { socket, messages, until };
}

const publish = (id: string) => test.events.publish('location.removed', { id });
const idsOf = (messages: readonly EventMessage[]) =>
  messages.map((message) => (message.type === 'location.removed' ? message.data.id : message.type));

describe('the event socket', () => {
  it('starts a new reader with a reset and then sends what happens', async () => {
    publish('before');
    const reader = await read();
    publish('one');
    publish('two');
    assert.deepEqual(idsOf(await reader.until(3)), ['reset', 'one', 'two']);
    const [reset, one] = reader.messages;
    assert.deepEqual(reset, { type: 'reset', seq: (one?.seq ?? 0) - 1, instance: 'instance-1' });
    reader.socket.terminate();
  });

  it('replays what a reader missed, then goes on without a gap', async () => {
    const seq = test.events.lastSeq;
    publish('missed-1');
    publish('missed-2');
    const reader = await read(`?since=${seq}&instance=instance-1`);
    publish('live');
    assert.deepEqual(idsOf(await reader.until(3)), ['missed-1', 'missed-2', 'live']);
    reader.socket.terminate();
  });

  it('resets a reader of another process, one from the future and one that was away too long', async () => {
    for (let n = 0; n < 40; n += 1) publish(`fill-${n}`);
    const seq = test.events.lastSeq;
    for (const query of [`?since=${seq}&instance=other`, `?since=${seq + 5}`, '?since=1&instance=instance-1']) {
      const reader = await read(query);
      assert.deepEqual((await reader.until(1))[0], { type: 'reset', seq, instance: 'instance-1' });
      reader.socket.terminate();
    }
  });

  it('spares the memory for a reader that does not read, and resets it when it does', async () => {
    const reader = await read();
    await reader.until(1);
    reader.socket.pause();
    const folder = 'f'.repeat(200_000);
    for (let n = 0; n < 300; n += 1) {
      test.events.publish('index.progressed', { location: 'local', files: n, bytes: 0, foldersLeft: 0, folder });
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    reader.socket.resume();
    while (reader.messages.at(-1)?.type !== 'reset' || reader.messages.length === 1)
      await once(reader.socket, 'message');
    assert.ok(reader.messages.length < 290, `${reader.messages.length} messages`);
    assert.equal(reader.messages.at(-1)?.seq, test.events.lastSeq);
    publish('after');
    while (reader.messages.at(-1)?.type === 'reset') await once(reader.socket, 'message');
    assert.deepEqual(idsOf(reader.messages.slice(-1)), ['after']);
    reader.socket.terminate();
  });

  it('lets the page in with its cookie', async () => {
    const opened = await ask(test.server.port, '/api/session', { method: 'POST', body: JSON.stringify({ token }) });
    const cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const origin = `http://127.0.0.1:${test.server.port}`;
    const reader = await read('', { cookie, origin, 'sec-fetch-site': 'same-origin' });
    assert.equal((await reader.until(1))[0]?.type, 'reset');
    reader.socket.terminate();
  });

  it('survives a reader that sends too much or vanishes', async () => {
    const loud = await read();
    loud.socket.send('x'.repeat(100_000));
    await once(loud.socket, 'close');
    const gone = await read();
    gone.socket.terminate();
    publish('still-there');
    assert.equal((await test.ask('/api/health')).status, 200);
  });
});

describe('a WebSocket upgrade is refused', () => {
  const attempt = (path: string, headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${test.server.port}${path}`, { headers });
      socket.on('open', () => reject(new Error(`${path} was let in`)));
      socket.on('error', () => {});
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
    });

  const cases: Record<string, [path: string, headers: Record<string, string>, code: string]> = {
    'without a token': ['/api/events', {}, 'FORBIDDEN'],
    'with a wrong token': ['/api/events', { authorization: 'Bearer wrong' }, 'FORBIDDEN'],
    'from a rebinding page': ['/api/events', { ...bearer, host: 'evil.example' }, 'FORBIDDEN'],
    'from a foreign page': ['/api/events', { ...bearer, origin: 'https://evil.example' }, 'FORBIDDEN'],
    'from a page of another port': ['/api/events', { ...bearer, origin: 'http://localhost:8188' }, 'FORBIDDEN'],
    'from a cross-site page': ['/api/events', { ...bearer, 'sec-fetch-site': 'cross-site' }, 'FORBIDDEN'],
    'at another address': ['/api/locations', bearer, 'ROUTE_NOT_FOUND'],
    'at the page': ['/', bearer, 'ROUTE_NOT_FOUND'],
    'with a bad position': ['/api/events?since=soon', bearer, 'INVALID_INPUT'],
    'with an unknown field': ['/api/events?from=1', bearer, 'INVALID_INPUT'],
  };
  for (const [name, [path, headers, code]] of Object.entries(cases)) {
    it(name, async () => {
      const { status, text } = await attempt(path, headers);
      assert.ok(status >= 400);
      assert.equal(JSON.parse(text).error.code, code);
      assert.doesNotMatch(text, /\.ts|node_modules/);
    });
  }

  it('when the handshake is malformed', async () => {
    const headers = { ...bearer, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '1' };
    const answer = await ask(test.server.port, '/api/events', { headers });
    assert.equal(answer.status, 400);
    assert.equal(JSON.parse(answer.text).error.code, 'INVALID_INPUT');
  });

  it('and another kind of upgrade is ignored', async () => {
    const answer = await test.ask('/api/health', { headers: { connection: 'Upgrade', upgrade: 'h2c' } });
    assert.equal(answer.status, 200);
  });
});
