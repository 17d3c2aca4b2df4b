import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseEnvText, readEnvFile } from '../../src/platform/app-data/env-file.ts';

test('what people write in .env', () => {
  const text = [
    '\uFEFF# Weightroom',
    '',
    "LOCAL_MODELS_ROOT='C:\\new\\models'  # home",
    'LAKE_MODELS_ROOT=\\\\nas\\ai\\models # plain',
    'export HASH_WORKERS = 4',
    'EMPTY=',
    'ALSO_EMPTY= # nothing',
    'SPACES="two words"',
    'BACKTICK=`it\'s "fine"`',
    "MANY='line one",
    "# line two'",
    'AFTER=1\r',
    'EQUALS=a=b',
    '  INDENTED=yes',
    'EMPTY_QUOTES=""',
  ].join('\n');
  assert.deepEqual(parseEnvText(text, '/w/.env'), {
    LOCAL_MODELS_ROOT: 'C:\\new\\models',
    LAKE_MODELS_ROOT: '\\\\nas\\ai\\models',
    HASH_WORKERS: '4',
    EMPTY: '',
    ALSO_EMPTY: '',
    SPACES: 'two words',
    BACKTICK: 'it\'s "fine"',
    MANY: 'line one\n# line two',
    AFTER: '1',
    EQUALS: 'a=b',
    INDENTED: 'yes',
    EMPTY_QUOTES: '',
  });
});

test('a broken line is refused with its number and the fix', () => {
  const rows: readonly (readonly [string, RegExp, RegExp])[] = [
    ['A=1\nHASH_WORKERS 4\n', /^Line 2 of \/w\/\.env \("HASH_WORKERS 4"\) has no “=”\.$/, /KEY=value/],
    ['\n\n# x\nHASH_WORKERS: 4', /^Line 4 /, /KEY=value/],
    ['=4', /^Line 1 .* no name before/, /KEY=value/],
    ['HASH WORKERS=4', /usable name: "HASH WORKERS"/, /letters, digits and _/],
    ['1A=4', /usable name: "1A"/, /letters/],
    ["A='one\ntwo'\nB", /^Line 3 /, /KEY=value/],
    ['A="open\nB=2', /^Line 1 .* opens the value of A with " and never closes it/, /missing "/],
    ["A='it's mine'", /^Line 1 .* after the closing '/, /another kind/],
    ['A="a" b', /would be cut off/, /another kind/],
    ['A=/data/my#models', /has a “#” in the value of A/, /A='…'/],
    [
      'A=1\nLOCAL_MODELS_ROOT="C:\\new\\models"',
      /^Line 2 .* Windows path in double quotes, where “\\n” becomes a line break/,
      /Use single quotes: LOCAL_MODELS_ROOT='C:\\new\\models'/,
    ],
    ['LAKE_MODELS_ROOT="\\\\nas\\new"', /double quotes/, /single quotes/],
    ['\x1b[31mred', /^Line 1 of \/w\/\.env \("\\u001b\[31mred"\) has no/, /KEY=value/],
  ];
  for (const [text, message, hint] of rows) {
    assert.throws(
      () => parseEnvText(text, '/w/.env'),
      { code: 'INVALID_SETTING', message, hint },
      JSON.stringify(text),
    );
  }
});

test('no assignment that is accepted gets lost or invented, whatever the file holds', () => {
  const piece = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'A',
        'KEY',
        '=',
        ' = ',
        '\n',
        '\r\n',
        '"',
        "'",
        '`',
        '#',
        ' #',
        '\\n',
        'export ',
        ' ',
        '\t',
        'C:\\x',
        '\\',
      ),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const text = pieces.join('');
      try {
        const values = parseEnvText(text, '/w/.env');
        accepted += 1;
        for (const key of Object.keys(values)) assert.match(key, /^[A-Za-z_][A-Za-z0-9_]*$/);
      } catch (thrown) {
        assert.equal((thrown as { code?: string }).code, 'INVALID_SETTING', String(thrown));
      }
    }),
    { numRuns: 5_000 },
  );
  assert.ok(accepted > 200);
});

test('values in single quotes come back as they were written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (value) => {
      fc.pre(!/['\r\0]/.test(value));
      assert.deepEqual(parseEnvText(`BEFORE=1\nKEY='${value}'\nAFTER=2\n`, '/w/.env'), {
        BEFORE: '1',
        KEY: value,
        AFTER: '2',
      });
    }),
  );
});

test('a folder without .env has none; a broken one is left as it is', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-env-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  assert.equal(readEnvFile(folder), null);
  const file = path.join(folder, '.env');
  fs.writeFileSync(file, 'HASH_WORKERS=4\n');
  assert.deepEqual(readEnvFile(folder), { path: file, values: { HASH_WORKERS: '4' } });
  fs.writeFileSync(file, 'HASH_WORKERS\n');
  assert.throws(() => readEnvFile(folder), { code: 'INVALID_SETTING', message: /Line 1 of .*\.env/ });
  assert.equal(fs.readFileSync(file, 'utf8'), 'HASH_WORKERS\n');
  fs.writeFileSync(file, Buffer.from('\uFEFFA=1', 'utf16le'));
  assert.throws(() => readEnvFile(folder), { code: 'INVALID_SETTING', message: /UTF-16/ });
});
