import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiHandlers } from '../../src/contract/api.ts';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import { type ErrorCode, errorCodes, exitStatusOf } from '../../src/contract/errors.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { runFake } from './fake-host.ts';
import { location, refreshed, twoLocations } from './fixtures.ts';

for (const code of Object.keys(errorCodes) as ErrorCode[]) {
  test(`${code} ends with the status of its kind, as a sentence or as JSON on stderr`, async () => {
    const openEngine = async () => {
      throw new AppError(code, 'It did not work.', { hint: 'Do this.' });
    };
    const expected = exitStatusOf[errorCodes[code][0]];
    const text = await runFake(['index', 'status'], { openEngine });
    assert.equal(text.status, expected);
    assert.equal(text.stdout, '');
    assert.equal(text.stderr, 'error: It did not work.\nhint: Do this.\n');
    const json = await runFake(['index', 'status', '--json'], { openEngine });
    assert.equal(json.status, expected);
    assert.equal(json.stdout, '');
    assert.equal(json.stderr.trimEnd().split('\n').length, 1);
    assert.deepEqual(errorBodySchema.parse(JSON.parse(json.stderr)).error, {
      code,
      kind: errorCodes[code][0],
      message: 'It did not work.',
      hint: 'Do this.',
    });
  });
}

const usageErrors: readonly (readonly [string, string, RegExp])[] = [
  ['a misspelt command', 'dif', /Unknown command 'dif'\.\nhint: Did you mean diff\?/],
  ['a misspelt second word', 'index refesh', /Unknown command 'refesh'\.\nhint: Did you mean refresh\?/],
  ['a misspelt option', 'diff --jsno', /Unknown option '--jsno'\.\nhint: Did you mean --json\?/],
  ['a group without a command', 'index', /`weightroom index` needs a command: refresh, status/],
  ['a missing argument', 'location add', /Missing required argument 'path'\./],
  ['an option without its value', 'diff --limit', /Option '--limit <n>' argument missing\./],
  ['too many arguments', 'location remove a b', /Too many arguments/],
  ['a limit that is no number', 'diff --limit many', /--limit: give a number\./],
  ['an illegal id', 'location remove A_B', /id: use letters, digits/],
  ['an unknown state', 'diff --states same', /--states: /],
  ['the same location twice', 'diff lake lake', /b: name two different locations\./],
  ['a folder without its location', 'index refresh --folder x', /--folder: name the location/],
  ['an edit that changes nothing', 'location edit nas', /nothing to change/],
  ['a setting without a value', 'config set HASH_WORKERS', /value: give a value, or --unset\./],
  ['a port out of range', 'serve --port 70000', /--port: give 0 to 65535\./],
  ['an unknown setting', 'config get NOPE', /There is no setting NOPE\./],
];

for (const [what, line, message] of usageErrors) {
  test(`${what} is refused with a sentence and status 2: ${line}`, async () => {
    const api: Partial<ApiHandlers> = {
      ...twoLocations,
      listSettings: async () => ({ settings: [], settingsFile: '/s' }),
    };
    const { status, stdout, stderr } = await runFake(line.split(' '), { api });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    const json = await runFake([...line.split(' '), '--json'], { api });
    assert.equal(json.status, 2);
    assert.equal(errorBodySchema.parse(JSON.parse(json.stderr)).error.kind, 'usage');
  });
}

const unreadable = {
  location: 'lake',
  relPath: 'loras',
  code: 'ACCESS_DENIED',
  message: 'May not be read.',
  hint: null,
} as const;
const socket = {
  location: 'lake',
  relPath: 'run/s.sock',
  code: 'SPECIAL_FILE',
  message: 'Not a file.',
  hint: null,
} as const;

for (const line of ['index refresh', 'diff']) {
  for (const [what, problem, expected] of [
    ['an unreadable folder', unreadable, 3],
    ['a skipped socket', socket, 0],
  ] as const) {
    test(`${line} with ${what} ends with ${expected}`, async () => {
      const api: Partial<ApiHandlers> = {
        ...twoLocations,
        refreshIndex: async ({ location: id }) => ({ locations: [refreshed(id ?? 'lake', { problems: 1 })] }),
        listProblems: async ({ location: id }) => ({
          problems: id === 'local' ? [] : [problem],
          total: 1,
          cursor: null,
        }),
      };
      assert.equal((await runFake(line.split(' '), { api })).status, expected);
      assert.equal((await runFake([...line.split(' '), '--json'], { api })).status, expected);
    });
  }
}

const lakeEnds = (outcome: 'offline' | 'attention' | 'running' | 'cancelled'): Partial<ApiHandlers> => ({
  ...twoLocations,
  refreshIndex: async ({ location: id }) => ({
    locations: [
      ...(id === 'lake' ? [] : [refreshed('local')]),
      ...(id === 'local' ? [] : [refreshed('lake', { outcome, message: 'Lake says no.' })]),
    ],
  }),
});

test('one of two locations offline: refresh finishes with 3 and names it, diff stops with 7', async () => {
  const refresh = await runFake(['index', 'refresh', '--json'], { api: lakeEnds('offline') });
  assert.equal(refresh.status, 3);
  assert.equal(JSON.parse(refresh.stdout).locations[1].outcome, 'offline');
  assert.equal((await runFake(['index', 'refresh', 'lake'], { api: lakeEnds('offline') })).status, 7);
  const diff = await runFake(['diff'], { api: lakeEnds('offline') });
  assert.equal(diff.status, 7);
  assert.match(diff.stderr, /error: Lake says no\.\nhint: .*--no-refresh/);
});

test('a shrunken location stops diff with 7 and names the way out', async () => {
  const { status, stderr } = await runFake(['diff'], { api: lakeEnds('attention') });
  assert.equal(status, 7);
  assert.match(stderr, /weightroom location accept lake/);
});

test('diff --no-refresh of a location that was never read is refused instead of calling every file lone', async () => {
  const unread = location('lake', { index: { ...location('lake').index, scannedAtMs: null } });
  const { status, stderr } = await runFake(['diff', '--no-refresh'], {
    api: { ...twoLocations, listLocations: async () => ({ locations: [location('local'), unread] }) },
  });
  assert.equal(status, 2);
  assert.match(stderr, /lake has never been read/);
});

test('something thrown that is no AppError is a bug: status 1', async () => {
  const { status, stderr } = await runFake(['index', 'status'], {
    openEngine: async () => {
      throw new TypeError('x is undefined');
    },
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: Something went wrong inside Weightroom\./);
});

test('doctor ends with 3 when it finds a problem', async () => {
  const check = { id: 'x', title: 'Native hashing', status: 'problem', detail: 'Missing.', hint: null } as const;
  const { status, stdout } = await runFake(['doctor'], {
    api: { doctor: async () => ({ machine: [check], locations: [] }) },
  });
  assert.equal(status, 3);
  assert.match(stdout, /✗ Native hashing: Missing\./);
});
