import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { AppError } from '../../src/core/errors/app-error.ts';
import { ask, createGate, startTestServer, token } from './server-fixture.ts';
import { someLocation, stubHandlers } from './stub-handlers.ts';

const never = () => new Promise<never>(() => {});

async function listenOn(address: string): Promise<Server> {
  const server = createServer().listen({ host: address, port: 0 });
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const hasIpv6 = await listenOn('::1').then(
  (server) => !server.close().listening,
  () => false,
);

describe('closing', () => {
  it('ends within two seconds with open sockets, kept connections and handlers that never answer', async () => {
    const test = await startTestServer({ handlers: { ...stubHandlers, listLocations: never, refreshIndex: never } });
    const { port } = test.server;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(socket, 'message');
    const deaf = new WebSocket(`ws://127.0.0.1:${port}/api/events`, { headers: { authorization: `Bearer ${token}` } });
    await once(deaf, 'message');
    deaf.pause();
    const hanging = [test.ask('/api/locations'), test.ask('/api/index/refresh', { method: 'POST', body: '{}' })];
    const silent = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1', () => half.write('GET /api/health HTTP/1.1\r\nHost:'));
    await Promise.all([once(silent, 'connect'), once(half, 'connect'), test.ask('/api/health')]);

    const startedAt = performance.now();
    const rejected = Promise.all(hanging.map((answer) => assert.rejects(answer)));
    await Promise.all([test.server.close(), test.server.close()]);
    assert.ok(performance.now() - startedAt < 2_000);
    await rejected;
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
    deaf.terminate();
    await assert.rejects(ask(port, '/api/health'), /ECONNREFUSED/);
    await test[Symbol.asyncDispose]();
  });

  it('lets an answer under way finish', async () => {
    const started = createGate();
    const finish = createGate();
    const listLocations = async () => {
      started.resolve();
      await finish.promise;
      return { locations: [someLocation] };
    };
    await using test = await startTestServer({ handlers: { ...stubHandlers, listLocations } });
    const answer = test.ask('/api/locations');
    await started.promise;
    const closed = test.server.close();
    finish.resolve();
    assert.equal((await answer).status, 200);
    await closed;
  });
});

describe('a client that goes away', () => {
  it('aborts what it was reading, and not what it was changing', async () => {
    const signals = new Map<string, AbortSignal | undefined>();
    const started = { doctor: createGate(), hash: createGate() };
    await using test = await startTestServer({
      handlers: {
        ...stubHandlers,
        doctor: (_input, options) => {
          signals.set('doctor', options?.signal as AbortSignal | undefined);
          started.doctor.resolve();
          return new Promise((_, reject) => {
            options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
          });
        },
        hash: (_input, options) => {
          signals.set('hash', options?.signal as AbortSignal | undefined);
          started.hash.resolve();
          return never();
        },
      },
    });
    const { port } = test.server;
    const head = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;
    const body = '{"scope":{"kind":"location","location":"local"}}';
    const reading = connect(port, '127.0.0.1', () => reading.write(`GET /api/doctor HTTP/1.1\r\n${head}\r\n`));
    const changing = connect(port, '127.0.0.1', () =>
      changing.write(
        `POST /api/hash HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    await Promise.all([started.doctor.promise, started.hash.promise]);
    const signal = signals.get('doctor');
    assert.ok(signal !== undefined && !signal.aborted);
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    reading.destroy();
    changing.destroy();
    await aborted;
    assert.equal(signals.get('hash'), undefined);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(test.internalErrors, []);
  });

  it('does not abort a read that was answered', async () => {
    const signals: AbortSignal[] = [];
    const listLocations: typeof stubHandlers.listLocations = async (_input, options) => {
      if (options?.signal !== undefined) signals.push(options.signal as AbortSignal);
      return { locations: [] };
    };
    await using test = await startTestServer({ handlers: { ...stubHandlers, listLocations } });
    await test.ask('/api/locations');
    await test.server.close();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false],
    );
  });
});

describe('listening', () => {
  it('is on both loopback addresses, same port, under all three names', {
    skip: !hasIpv6 && 'no IPv6 here',
  }, async () => {
    await using test = await startTestServer();
    const { port, url } = test.server;
    assert.equal(url, `http://127.0.0.1:${port}`);
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      assert.equal((await fetch(`http://${name}:${port}/api/health`)).status, 200, name);
    }
  });

  it('is on one address when asked', async () => {
    await using test = await startTestServer({ host: '127.0.0.1' });
    await assert.rejects(fetch(`http://[::1]:${test.server.port}/api/health`));
  });

  it('says so when the port is taken, on either address', async () => {
    for (const address of hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']) {
      const other = await listenOn(address);
      const start = startTestServer({ port: portOf(other) });
      await assert.rejects(start, (error: AppError) => {
        assert.equal(error.code, 'PORT_IN_USE');
        assert.match(error.message, new RegExp(`${portOf(other)}`));
        assert.ok(error.hint);
        return true;
      });
      other.close();
    }
  });

  it('refuses what other machines could reach, and ports that do not exist', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.2', 'nas.local', '127.0.0.2']) {
      await assert.rejects(startTestServer({ host }), (error: AppError) => {
        assert.equal(error.code, 'INVALID_SETTING');
        assert.ok(error.message.includes(host) && error.message.includes('TLS'));
        return true;
      });
    }
    await assert.rejects(startTestServer({ port: 70_000 }), { code: 'INVALID_SETTING' });
  });
});
