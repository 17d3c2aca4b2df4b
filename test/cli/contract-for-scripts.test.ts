import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import { type CompareRow, compareStateSchema, compareSummarySchema } from '../../src/contract/sync.ts';
import { runFake } from './fake-host.ts';
import { diffOver, location, noProblems, refreshed, rows, summarise, twoLocations } from './fixtures.ts';

const sideSchema = z.strictObject({
  size: z.number(),
  mtimeMs: z.number(),
  blake3: z.string().length(64).optional(),
  kind: z.enum(['link', 'folder']).optional(),
  relPath: z.string().optional(),
});
const problemSchema = z.looseObject({
  location: z.string(),
  relPath: z.string(),
  code: z.string(),
  message: z.string(),
});
const diffSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  summary: compareSummarySchema,
  moved: z.int(),
  problems: z.array(problemSchema),
});
const diffWithEntriesSchema = diffSchema.extend({
  entries: z.array(
    z.strictObject({
      relPath: z.string(),
      state: compareStateSchema,
      a: sideSchema.nullable(),
      b: sideSchema.nullable(),
      movedTo: z.string().optional(),
      movedFrom: z.string().optional(),
    }),
  ),
});

test('diff --json refreshes both sides, then prints the summary and nothing else', async () => {
  const order: string[] = [];
  const { status, stdout, stderr } = await runFake(['diff', '--json'], {
    api: {
      ...twoLocations,
      refreshIndex: async ({ location: id, wait }) => {
        order.push(`refresh ${id} ${wait}`);
        return { locations: [refreshed(id ?? '')] };
      },
      diff: async (input) => {
        order.push('diff');
        return diffOver(rows)(input);
      },
    },
  });
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.deepEqual(diffSchema.parse(JSON.parse(stdout)), {
    a: 'local',
    b: 'lake',
    summary: summarise(rows),
    moved: 1,
    problems: [],
  });
  // The first one lines up what is remembered meanwhile; only what comes after the refresh is told.
  assert.deepEqual(order, ['diff', 'refresh local true', 'refresh lake true', 'diff']);
});

test('diff --json --entries lists every row with both sides', async () => {
  const { stdout } = await runFake(['diff', 'local', 'lake', '--json', '--entries'], { api: twoLocations });
  const { entries } = diffWithEntriesSchema.parse(JSON.parse(stdout));
  assert.deepEqual(
    entries.map(({ relPath, state }) => ({ relPath, state })),
    rows.map(({ relPath, state }) => ({ relPath, state })),
  );
  assert.deepEqual(entries[1]?.b, {
    size: 144_000_000,
    mtimeMs: 1_700_000_000_123.5,
    relPath: 'loras/detail.safetensors',
  });
  assert.deepEqual(entries[2], {
    relPath: 'loras/flux/old-name.safetensors',
    state: 'only-a',
    a: { size: 20_000_000, mtimeMs: 1_700_000_000_123.5, blake3: 'c'.repeat(64) },
    b: null,
    movedTo: 'loras/flux/new-name.safetensors',
  });
});

test('diff --json --entries of many rows is one document, written page by page', async () => {
  const many: CompareRow[] = Array.from({ length: 10_001 }, (_, index) => ({
    relPath: `loras/${index}.safetensors`,
    state: 'only-a',
    a: {
      id: `id${index}`,
      relPath: `loras/${index}.safetensors`,
      kind: 'file',
      size: index,
      mtimeMs: 0,
      hash: 'unknown',
    },
    b: null,
  }));
  let longest = 0;
  const { stdout } = await runFake(['diff', '--json', '--entries'], {
    api: { ...twoLocations, diff: diffOver(many) },
    onWrite: (text) => {
      longest = Math.max(longest, text.length);
    },
  });
  assert.equal(diffWithEntriesSchema.parse(JSON.parse(stdout)).entries.length, many.length);
  assert.ok(longest < stdout.length / 3, 'no piece holds a large part of the document');
});

test('diff --json --entries says so when the index changed while the rows were read', async () => {
  let calls = 0;
  const version = () => `v${calls++}`;
  const { status, stdout } = await runFake(['diff', '--json', '--entries'], {
    api: { ...twoLocations, diff: diffOver(rows, version) },
  });
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).changedWhileReading, true);
});

test('diff --json --hash hashes what is undecided before it compares', async () => {
  const order: string[] = [];
  const { status, stdout } = await runFake(['diff', '--json', '--hash', '--no-refresh'], {
    api: {
      ...twoLocations,
      refreshIndex: async () => assert.fail('--no-refresh reads no folder'),
      hash: async ({ scope, wait }) => {
        order.push(`hash ${scope.kind} ${wait}`);
        return {
          files: 2,
          bytes: 2,
          hashed: 1,
          cached: 0,
          verified: 0,
          changed: [],
          elapsedMs: 1,
          failed: [
            {
              location: 'lake',
              relPath: 'vae/ae.safetensors',
              code: 'IO_FAILED',
              message: 'The drive reported an error.',
            },
          ],
        };
      },
      diff: async (input) => {
        order.push('diff');
        return diffOver(rows)(input);
      },
    },
  });
  assert.equal(status, 3);
  assert.deepEqual(order, ['hash compare true', 'diff']);
  assert.equal(diffSchema.parse(JSON.parse(stdout)).problems[0]?.relPath, 'vae/ae.safetensors');
});

test('index refresh --json prints totals per location', async () => {
  const { status, stdout, stderr } = await runFake(['index', 'refresh', '--json'], { api: twoLocations });
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), {
    locations: [
      { id: 'local', files: 3, bytes: 3_000, problems: 0, elapsedMs: 12.5 },
      { id: 'lake', files: 3, bytes: 3_000, problems: 0, elapsedMs: 12.5 },
    ],
  });
});

test('index find QUERY --json prints the hits; several words are one query', async () => {
  let asked = '';
  const { status, stdout } = await runFake(['index', 'find', 'flux', 'lora', '--json'], {
    api: {
      listEntries: async ({ query }) => {
        asked = query;
        return {
          entries: [
            {
              id: 'id1',
              location: 'lake',
              relPath: 'loras/flux.gguf',
              name: 'flux.gguf',
              extension: '.gguf',
              category: 'loras',
              kind: 'file',
              size: 7,
              mtimeMs: 1,
              hash: 'unknown',
            },
          ],
          total: 1,
          cursor: null,
          elapsedMs: 0.4,
        };
      },
    },
  });
  assert.equal(status, 0);
  assert.equal(asked, 'flux lora');
  assert.deepEqual(JSON.parse(stdout), {
    hits: [{ location: 'lake', relPath: 'loras/flux.gguf', size: 7 }],
    elapsedMs: 0.4,
  });
});

test('hash PATH… --json prints one object per path and needs no engine', async () => {
  const hashed = { size: 3, blake3: 'b'.repeat(64), sha256: 'a'.repeat(64), quickHash: 'q1:abc' };
  const { status, stdout } = await runFake(['hash', '/m/one.bin', '/m/gone.bin', '--json'], {
    openEngine: async () => assert.fail('the engine is not needed'),
    hashFiles: async (paths) =>
      paths.map((path) =>
        path.endsWith('gone.bin')
          ? { path, error: { code: 'FILE_NOT_FOUND', kind: 'not-found', message: `${path} does not exist.` } }
          : { path, ...hashed },
      ),
  });
  assert.equal(status, 3);
  const [first, second] = JSON.parse(stdout);
  assert.match(first.path, /one\.bin$/);
  assert.deepEqual({ ...first, path: undefined }, { path: undefined, ...hashed });
  assert.equal(second.error.code, 'FILE_NOT_FOUND');
});

test('hash of a single missing file fails with the status of its error', async () => {
  const { status, stdout, stderr } = await runFake(['hash', '/m/gone.bin', '--json'], {
    hashFiles: async ([path = '']) => [
      { path, error: { code: 'FILE_NOT_FOUND', kind: 'not-found', message: `${path} does not exist.` } },
    ],
  });
  assert.equal(status, 4);
  assert.equal(stdout, '');
  assert.equal(errorBodySchema.parse(JSON.parse(stderr)).error.code, 'FILE_NOT_FOUND');
});

test('serve prints exactly one line, the address, once the server answers', async () => {
  const { status, stdout, stderr } = await runFake(['serve', '--port', '8123', '--no-open'], {
    serve: async ({ port, open, demo, onReady }) => {
      assert.deepEqual({ port, open, demo }, { port: 8123, open: false, demo: 'never' });
      onReady('http://127.0.0.1:8123/#token=abc');
    },
  });
  assert.equal(status, 0);
  assert.equal(stdout, 'http://127.0.0.1:8123/#token=abc\n');
  assert.equal(stderr, '');
});

test('every command answers --json with one JSON document on stdout and nothing on stderr', async () => {
  const setting = {
    key: 'HASH_WORKERS',
    value: 2,
    source: 'default',
    origin: null,
    description: '',
    values: '',
    defaultValue: 2,
    input: { kind: 'number', least: 1, most: 32 },
    fixedReason: null,
    waitsForRestart: false,
  } as const;
  const api = {
    ...twoLocations,
    addLocation: async () => location('nas'),
    editLocation: async () => location('nas'),
    removeLocation: async () => ({ removed: 'nas' }),
    checkLocation: async () => location('nas'),
    acceptLocation: async () => location('nas'),
    listEntries: async () => ({ entries: [], total: 0, cursor: null, elapsedMs: 1 }),
    discoverFolders: async () => ({
      candidates: [],
      proposal: { local: null, lake: null },
      silent: [],
      elapsedMs: 0,
    }),
    readHeader: async () => ({ location: 'local', relPath: 'a.pt', header: null, problem: null }),
    listProblems: noProblems,
    cancelRefresh: async () => ({ cancelled: [] }),
    hash: async () => ({
      files: 0,
      bytes: 0,
      hashed: 0,
      cached: 0,
      verified: 0,
      failed: [],
      changed: [],
      elapsedMs: 0,
    }),
    listSettings: async () => ({ settings: [setting], settingsFile: '/c/settings.json' }),
    changeSettings: async () => ({ settings: [setting], settingsFile: '/c/settings.json', restartNeeded: true }),
    doctor: async () => ({ machine: [], locations: [] }),
  };
  const lines = [
    'location list',
    'location add /x --name NAS --allow-delete',
    'location edit nas --no-allow-delete',
    'location remove nas',
    'location check nas',
    'location accept nas',
    'location discover',
    'index refresh',
    'index status',
    'index list --all',
    'index find flux',
    'index problems',
    'index cancel',
    'diff',
    'diff --entries',
    'hash',
    'hash --verify --location lake',
    'config list',
    'config get hash_workers',
    'config set HASH_WORKERS 3',
    'config set HASH_WORKERS --unset',
    'config unset HASH_WORKERS',
    'inspect /models/local/a.pt',
    'config path',
    'doctor',
  ];
  for (const line of lines) {
    for (const argv of [
      [...line.split(' '), '--json'],
      ['--json', ...line.split(' ')],
    ]) {
      const { status, stdout, stderr, openEngines } = await runFake(argv, { api });
      assert.deepEqual({ line, status, stderr, openEngines }, { line, status: 0, stderr: '', openEngines: 0 });
      assert.doesNotThrow(() => JSON.parse(stdout), line);
      assert.ok(stdout.endsWith('\n'), line);
    }
  }
});
