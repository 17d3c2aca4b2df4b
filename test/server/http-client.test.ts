import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { type ErrorCode, errorCodes } from '../../src/contract/errors.ts';
import type { WeightroomEvent } from '../../src/contract/events.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { createHttpApi } from '../../src/platform/network/http-api-client.ts';
import { type EventPosition, subscribeToServerEvents } from '../../src/platform/network/server-events.ts';
import { createGate, startTestServer, type TestServer, token } from './server-fixture.ts';
import { stubHandlers } from './stub-handlers.ts';

const apiOf = (test: TestServer) => createHttpApi({ baseUrl: test.server.url, token });

describe('the client of a running server', () => {
  it('hands every input to the handler as it was given, with defaults', async () => {
    const seen: unknown[] = [];
    const recording = Object.fromEntries(
      Object.entries(stubHandlers).map(([name, handler]) => [
        name,
        (input: never) => {
          seen.push(input);
          return handler(input);
        },
      ]),
    ) as typeof stubHandlers;
    await using test = await startTestServer({ handlers: recording });
    const api = apiOf(test);
    await api.listLocations({});
    await api.diff({ b: 'nas', states: ['conflict', 'only-a'], moved: false, query: 'a&b=c +%ä', limit: 0 });
    await api.editLocation({ id: 'local', name: 'Neuer Name ü' });
    await api.removeLocation({ id: 'local' });
    await api.readEntry({ id: 'local:a/b c?d#e%' });
    await api.changeSettings({ values: { PORT: null, HOST: 'localhost' } });
    assert.deepEqual(seen, [
      {},
      {
        a: 'local',
        b: 'nas',
        folder: '',
        states: ['conflict', 'only-a'],
        moved: false,
        query: 'a&b=c +%ä',
        sort: 'path',
        descending: false,
        limit: 0,
      },
      { id: 'local', name: 'Neuer Name ü' },
      { id: 'local' },
      { id: 'local:a/b c?d#e%' },
      { values: { PORT: null, HOST: 'localhost' } },
    ]);
  });

  it('throws the error the engine threw, for every code', async () => {
    let failure: AppError;
    const doctor = async () => {
      throw failure;
    };
    await using test = await startTestServer({ handlers: { ...stubHandlers, doctor } });
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      failure = new AppError(code, `It is ${code}.`, code === 'INTERNAL' ? {} : { hint: 'Do this.' });
      await assert.rejects(apiOf(test).doctor({}), (error) => {
        assert.ok(error instanceof AppError);
        assert.deepEqual(error.toBody(), failure.toBody());
        return true;
      });
    }
  });

  it('says that the token is wrong', async () => {
    await using test = await startTestServer();
    const api = createHttpApi({ baseUrl: test.server.url, token: 'wrong' });
    await assert.rejects(api.listLocations({}), { code: 'FORBIDDEN' });
  });

  it('says that the server is gone, before and during a call', async () => {
    const started = createGate();
    const refreshIndex = () => {
      started.resolve();
      return new Promise<never>(() => {});
    };
    await using test = await startTestServer({ handlers: { ...stubHandlers, refreshIndex } });
    const api = apiOf(test);
    const waiting = api.refreshIndex({ wait: true });
    await started.promise;
    await Promise.all([
      test.server.close(),
      assert.rejects(waiting, { code: 'SERVER_UNREACHABLE', kind: 'unavailable' }),
    ]);
    await assert.rejects(api.listLocations({}), { code: 'SERVER_UNREACHABLE' });
  });

  it('says that something else answers at the port', async () => {
    for (const [status, text] of [
      [200, '<html>'],
      [200, '{"locations":7}'],
      [500, 'oops'],
      [302, ''],
    ] as const) {
      const other = createServer((_request, response) => response.writeHead(status).end(text)).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const baseUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      await assert.rejects(createHttpApi({ baseUrl, token }).listLocations({}), { code: 'SERVER_UNREACHABLE' });
      other.close();
    }
  });

  it('stops waiting when told to', async () => {
    const started = createGate();
    const listLocations = () => {
      started.resolve();
      return new Promise<never>(() => {});
    };
    await using test = await startTestServer({ handlers: { ...stubHandlers, listLocations } });
    const stop = new AbortController();
    const waiting = apiOf(test).listLocations({}, { signal: stop.signal });
    await started.promise;
    stop.abort();
    await assert.rejects(waiting, { code: 'CANCELLED' });
    await assert.rejects(apiOf(test).listLocations({}, { signal: stop.signal }), { code: 'CANCELLED' });
  });
});

describe('the subscription to events', () => {
  interface Followed {
    readonly events: WeightroomEvent[];
    readonly resets: EventPosition[];
    until(condition: () => boolean): Promise<void>;
    close(): void;
  }

  function follow(baseUrl: string, since?: EventPosition): Followed {
    const events: WeightroomEvent[] = [];
    const resets: EventPosition[] = [];
    let changed = createGate();
    const wake = () => {
      changed.resolve();
      changed = createGate();
    };
    const onEvent = (event: WeightroomEvent) => {
      events.push(event);
      wake();
    };
    const onReset = (position: EventPosition) => {
      resets.push(position);
      wake();
    };
    const { close } = subscribeToServerEvents({ baseUrl, token, since, onEvent, onReset });
    const until = async (condition: () => boolean) => {
      while (!condition()) await changed.promise;
    };
    return { events, resets, until, close };
  }

  it('goes on where it left off when the connection comes back', async () => {
    const first = await startTestServer();
    const { port, url } = first.server;
    const followed = follow(url);
    await followed.until(() => followed.resets.length === 1);
    first.events.publish('location.removed', { id: 'one' });
    await followed.until(() => followed.events.length === 1);
    await first[Symbol.asyncDispose]();
    first.events.publish('location.removed', { id: 'two' });

    const second = await startTestServer({ port, events: first.events });
    await followed.until(() => followed.events.length === 2);
    assert.deepEqual(
      followed.events.map(({ seq }) => seq),
      [1, 2],
    );
    assert.deepEqual(followed.resets, [{ seq: 0, instance: 'instance-1' }]);
    followed.close();
    await second[Symbol.asyncDispose]();
  });

  it('starts from a given place, and anew when that belongs to another process', async () => {
    await using test = await startTestServer();
    test.events.publish('location.removed', { id: 'one' });
    test.events.publish('location.removed', { id: 'two' });
    const known = follow(test.server.url, { seq: 1, instance: 'instance-1' });
    const foreign = follow(test.server.url, { seq: 1, instance: 'instance-0' });
    await Promise.all([known.until(() => known.events.length === 1), foreign.until(() => foreign.resets.length === 1)]);
    assert.deepEqual(
      known.events.map(({ seq }) => seq),
      [2],
    );
    assert.deepEqual([known.resets, foreign.events], [[], []]);
    known.close();
    foreign.close();
  });
});
