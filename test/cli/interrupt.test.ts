import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputClosed } from '../../src/cli/cli-host.ts';
import { cancelled } from '../../src/core/errors/app-error.ts';
import { runFake } from './fake-host.ts';
import { diffOver, refreshed, rows, twoLocations } from './fixtures.ts';

test('Ctrl+C during a refresh aborts it, closes the engine and ends with 130', async () => {
  let interrupt = () => {};
  const { status, stdout, openEngines } = await runFake(
    ['index', 'refresh', '--json'],
    {
      api: {
        refreshIndex: (_input, options) =>
          new Promise((_resolve, reject) => {
            options?.signal?.addEventListener('abort', () => reject(cancelled('The refresh')));
            interrupt();
          }),
      },
    },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.deepEqual({ status, stdout, openEngines }, { status: 130, stdout: '', openEngines: 0 });
});

test('a refresh that ends as cancelled, without an exception, ends with 130 too', async () => {
  const { status, stderr } = await runFake(['index', 'refresh'], {
    api: { refreshIndex: async () => ({ locations: [refreshed('local', { outcome: 'cancelled' })] }) },
  });
  assert.equal(status, 130);
  assert.match(stderr, /cancelled/);
});

test('a second Ctrl+C does not wait for work that ignores the first', async () => {
  let interrupt = () => {};
  const { status } = await runFake(
    ['index', 'refresh'],
    {
      api: {
        refreshIndex: () => {
          interrupt();
          interrupt();
          return new Promise(() => {});
        },
      },
    },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.equal(status, 130);
});

test('Ctrl+C while rows are being written stops between two pieces', async () => {
  let interrupt = () => {};
  const { status, openEngines } = await runFake(
    ['diff', '--json', '--entries'],
    { api: { ...twoLocations, diff: diffOver(rows) }, onWrite: () => interrupt() },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.deepEqual({ status, openEngines }, { status: 130, openEngines: 0 });
});

test('serve ends with 0 when it is told to stop', async () => {
  let interrupt = () => {};
  const { status } = await runFake(
    ['serve', '--no-open'],
    {
      serve: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve());
          interrupt();
        }),
    },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.equal(status, 0);
});

test('a reader that goes away (| head) ends the command quietly', async () => {
  const { status, stderr, openEngines } = await runFake(['diff', '--json', '--entries'], {
    api: twoLocations,
    onWrite: () => {
      throw new OutputClosed('gone');
    },
  });
  assert.deepEqual({ status, stderr, openEngines }, { status: 0, stderr: '', openEngines: 0 });
});
