import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeOf } from '../../src/cli/location-of-path.ts';
import { formatBytes, formatDuration, plural } from '../../src/cli/output/format.ts';
import { jsonWithList } from '../../src/cli/output/json-stream.ts';
import { createLook } from '../../src/cli/output/look.ts';
import { renderTable } from '../../src/cli/output/table.ts';
import { displayWidth, printable, truncateMiddle } from '../../src/cli/output/width.ts';
import { runFake } from './fake-host.ts';
import { diffOver, rows, twoLocations } from './fixtures.ts';

const GiB = 1024 ** 3;
const byteCases: readonly (readonly [number, string])[] = [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '0.98 KiB'],
  [1023, '1.00 KiB'],
  [144 * 1024 ** 2, '144 MiB'],
  [6.46 * GiB, '6.46 GiB'],
  [23.8 * GiB, '23.8 GiB'],
  [812 * GiB, '812 GiB'],
  [1010 * GiB, '0.99 TiB'],
  [5 * 1024 ** 6, '5120 PiB'],
];
for (const [bytes, text] of byteCases) {
  test(`${bytes} bytes are shown as ${text}`, () => assert.equal(formatBytes(bytes), text));
}

test('durations and counts read naturally', () => {
  assert.deepEqual([420, 12_000, 200_000, 7_500_000].map(formatDuration), [
    '0.42 s',
    '12 s',
    '3 min 20 s',
    '2 h 05 min',
  ]);
  assert.equal(plural(1, 'file'), '1 file');
  assert.equal(plural(48_120, 'file'), '48,120 files');
});

test('a shortened text keeps both ends and never exceeds its columns', () => {
  assert.equal(truncateMiddle('checkpoints/sdxl/juggernautXL_v9.safetensors', 21), 'checkpoint…afetensors');
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.constantFrom('模型/检查点/很长的名字.safetensors', '👩‍👩‍👧/🎨.bin'),
  );
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 40 }), (text, columns) => {
      const short = truncateMiddle(text, columns);
      assert.ok(displayWidth(short) <= columns || short === text);
      if (displayWidth(text) <= columns) assert.equal(short, text);
    }),
  );
});

test('a name cannot write control codes, line breaks or direction changes to the terminal', () => {
  assert.equal(printable('a\u001b[2Jb\nc\u202egpj'), 'a\\u{1b}[2Jb\\u{a}c\\u{202e}gpj');
  assert.equal(printable('模型-é-👩‍👩‍👧.safetensors'), '模型-é-👩‍👩‍👧.safetensors');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(printable(name))),
  );
});

test('a table fits the terminal, its shrinking columns give way', () => {
  const anyRow = fc.record({ path: fc.string({ maxLength: 120 }), size: fc.nat() });
  fc.assert(
    fc.property(
      fc.array(anyRow, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 40, max: 120 }),
      (items, columns) => {
        const lines = renderTable<(typeof items)[number]>(
          [
            { title: 'Size', align: 'right', cell: ({ size }) => formatBytes(size) },
            { title: 'Path', shrinks: true, cell: ({ path }) => path },
            { title: 'Other', shrinks: true, cell: ({ path }) => path.toUpperCase() },
          ],
          items,
          createLook({ columns, color: false }),
        );
        for (const line of lines) assert.ok(displayWidth(line) <= columns, line);
      },
    ),
  );
});

test('streamed JSON equals the document made at once, whatever the pages', async () => {
  const anyPages = fc.array(fc.array(fc.record({ name: fc.string(), size: fc.nat() }), { maxLength: 4 }), {
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(anyPages, fc.dictionary(fc.stringMatching(/^h[a-z]*$/), fc.jsonValue()), async (pages, head) => {
      async function* give() {
        yield* pages;
      }
      let text = '';
      for await (const piece of jsonWithList({ head, list: 'items', pages: give(), tail: () => ({ end: true }) }))
        text += piece;
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify({ ...head, items: pages.flat(), end: true })));
    }),
  );
});

test('diff for people shows the summary, then what needs a look, urgent first', async () => {
  const { status, stdout } = await runFake(['diff', '--limit', '1'], {
    api: { ...twoLocations, diff: diffOver([...rows, ...rows]) },
  });
  assert.equal(status, 0);
  const headings = stdout.split('\n').filter((line) => /^[A-Z].*\(\d+\)$/.test(line));
  assert.deepEqual(headings, [
    'Conflict (2)',
    'Case clash (2)',
    'Not verified yet (2)',
    'Only local (2)',
    'Only lake (2)',
  ]);
  assert.match(stdout, /⚠ {2}3\.97 GiB {2}checkpoints\/v1-5-pruned\.ckpt {2}1 B larger on lake/);
  assert.match(stdout, /↷ +— {2}loras\/flux\/old-name\.safetensors {2}on lake as loras\/flux\/new-name\.safetensors/);
  assert.match(stdout, /… and 1 more/);
});

test('text output fits 60 columns', async () => {
  for (const line of ['diff', 'location list']) {
    const { stdout } = await runFake(line.split(' '), { api: twoLocations, columns: 60 });
    for (const row of stdout.split('\n')) assert.ok(displayWidth(row) <= 60, row);
  }
});

const progressed = {
  seq: 1,
  atMs: 0,
  type: 'index.progressed',
  data: { location: 'lake', files: 1234, bytes: 5, foldersLeft: 3, folder: 'loras/flux' },
} as const;

test('progress is one rewritten line on stderr, and only when a person looks at it', async () => {
  const watched = await runFake(['index', 'refresh', '--json'], {
    api: twoLocations,
    stderrIsTTY: true,
    events: [progressed],
  });
  assert.equal(watched.stderr, '\r\u001b[2KReading lake: 1,234 files  loras/flux\r\u001b[2K');
  assert.doesNotThrow(() => JSON.parse(watched.stdout));
  const piped = await runFake(['index', 'refresh', '--json'], { api: twoLocations, events: [progressed] });
  assert.equal(piped.stderr, '');
});

test('a path of the machine is found in its location', { skip: process.platform === 'win32' }, () => {
  const locations = [
    { id: 'local', path: '/m/models' },
    { id: 'lake', path: '/mnt/lake/' },
  ];
  assert.deepEqual(placeOf('/m/models/loras/a.bin', locations), { location: 'local', relPath: 'loras/a.bin' });
  assert.deepEqual(placeOf('/mnt/lake', locations), { location: 'lake', relPath: '' });
  assert.deepEqual(placeOf('/m/models/..a', locations), { location: 'local', relPath: '..a' });
  assert.equal(placeOf('/m/models-old/a.bin', locations), undefined);
});
