import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSearchQuery, type SearchFilter } from '../../src/core/catalog/search-query.ts';
import { AppError } from '../../src/core/errors/app-error.ts';

const now = Date.UTC(2026, 0, 31, 12);
const day = 86_400_000;
const gib = 1024 ** 3;
const any = Number.POSITIVE_INFINITY;

describe('words', () => {
  const cases: readonly (readonly [text: string, terms: readonly string[]])[] = [
    ['', []],
    ['   ', []],
    ['Flux  DEV', ['flux', 'dev']],
    ['"exact words" more', ['exact words', 'more']],
    ['"never closed', ['never closed']],
    ['""', []],
    ['loras\\flux', ['loras/flux']],
    ['e\u0301', ['\u00e9']],
    ['a:b', ['a:b']],
    ['http://x', ['http://x']],
    ['fp8>fp16', ['fp8>fp16']],
    ['1>2', ['1>2']],
    ['アニメ', ['アニメ']],
  ];
  for (const [text, terms] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(parseSearchQuery(text, now), { terms, filters: [] }));
  }
});

describe('filters', () => {
  const cases: readonly (readonly [text: string, filter: SearchFilter])[] = [
    ['ext:gguf', { kind: 'extension', extensions: ['.gguf'] }],
    ['ext:.GGUF,safetensors', { kind: 'extension', extensions: ['.gguf', '.safetensors'] }],
    ['extension:pt', { kind: 'extension', extensions: ['.pt'] }],
    ['category:Loras', { kind: 'category', categories: ['loras'] }],
    ['folder:vae', { kind: 'category', categories: ['vae'] }],
    ['location:lake,local', { kind: 'location', locations: ['lake', 'local'] }],
    ['state:conflict', { kind: 'state', states: ['conflict'] }],
    ['state:same', { kind: 'state', states: ['same-verified', 'same-probable'] }],
    ['state:lone,clash', { kind: 'state', states: ['only-a', 'only-b', 'case-clash'] }],
    ['hash:known', { kind: 'hash', known: true }],
    ['hash:no', { kind: 'hash', known: false }],
    ['size>=4GB', { kind: 'size', min: 4 * gib, max: any }],
    ['size<=500mb', { kind: 'size', min: -any, max: 500 * 1024 ** 2 }],
    ['size:10', { kind: 'size', min: 10, max: 10 }],
    ['size=1.5KiB', { kind: 'size', min: 1536, max: 1536 }],
    ['modified>=2026-01-31', { kind: 'modified', after: Date.UTC(2026, 0, 31), before: any }],
    [
      'modified:2026-01-30',
      { kind: 'modified', after: Date.UTC(2026, 0, 30), before: Date.UTC(2026, 0, 30) + day - 1 },
    ],
    ['modified<=30d', { kind: 'modified', after: now - 30 * day, before: any }],
    ['modified>=2w', { kind: 'modified', after: -any, before: now - 14 * day }],
  ];
  for (const [text, filter] of cases) {
    test(text, () => assert.deepEqual(parseSearchQuery(text, now), { terms: [], filters: [filter] }));
  }

  const strict: readonly (readonly [text: string, inside: readonly number[], outside: readonly number[]])[] = [
    ['size>4GB', [4 * gib + 1], [4 * gib]],
    ['size<4GB', [4 * gib - 1, 0], [4 * gib]],
    ['size>0', [1], [0]],
    ['size<1', [0], [1]],
    ['size>8T', [8 * 1024 ** 4 + 1], [8 * 1024 ** 4]],
    ['size<8T', [8 * 1024 ** 4 - 1], [8 * 1024 ** 4]],
  ];
  for (const [text, inside, outside] of strict) {
    test(`${text} leaves its own value out and takes the next one in`, () => {
      const [filter] = parseSearchQuery(text, now).filters;
      assert.equal(filter?.kind, 'size');
      const passes = (size: number): boolean => size >= filter.min && size <= filter.max;
      for (const size of inside) assert.ok(passes(size), String(size));
      for (const size of outside) assert.ok(!passes(size), String(size));
    });
  }

  const days: readonly (readonly [text: string, inside: string, outside: string])[] = [
    ['modified>2026-01-30', '2026-01-31T00:00:00Z', '2026-01-30T12:00:00Z'],
    ['modified<2026-01-30', '2026-01-29T23:59:59Z', '2026-01-30T00:00:00Z'],
    ['modified<=2026-01-30', '2026-01-30T18:00:00Z', '2026-01-31T00:00:00Z'],
  ];
  for (const [text, inside, outside] of days) {
    test(`${text} counts whole days`, () => {
      const [filter] = parseSearchQuery(text, now).filters;
      assert.equal(filter?.kind, 'modified');
      const passes = (at: string): boolean => Date.parse(at) >= filter.after && Date.parse(at) <= filter.before;
      assert.ok(passes(inside), `${inside} passes`);
      assert.ok(!passes(outside), `${outside} does not`);
    });
  }

  test('words and filters mix in any order', () => {
    const query = parseSearchQuery('state:conflict flux ext:gguf "v 1"', now);
    assert.deepEqual(query.terms, ['flux', 'v 1']);
    assert.deepEqual(
      query.filters.map(({ kind }) => kind),
      ['state', 'extension'],
    );
  });

  for (const text of [
    'ext:',
    'state:',
    'state:equal',
    'hash:maybe',
    'size>',
    'size>big',
    'size>4XB',
    'modified<soon',
    'modified>2026-13',
    'location:,',
  ]) {
    test(`${text} is refused with a sentence`, () => {
      assert.throws(
        () => parseSearchQuery(text, now),
        (thrown) => thrown instanceof AppError && thrown.code === 'INVALID_INPUT' && thrown.message.endsWith('.'),
      );
    });
  }

  for (const text of ['modified:2026-02-30', 'modified:2026-13-01']) {
    test(`${text} names a day that does not exist and is refused`, () => {
      assert.throws(
        () => parseSearchQuery(text, now),
        (thrown) => thrown instanceof AppError && thrown.code === 'INVALID_INPUT',
      );
    });
  }

  for (const text of ['size:constructor', 'hash:constructor', 'state:constructor', 'modified<1constructor']) {
    test(`${text} finds no meaning in the names of the language`, () => {
      assert.throws(
        () => parseSearchQuery(text, now),
        (thrown) => thrown instanceof AppError && thrown.code === 'INVALID_INPUT',
      );
    });
  }
});
