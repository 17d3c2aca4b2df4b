import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonError } from '../../src/core/settings/json-error.ts';
import { changeSettingsFile, parseSettingsFile } from '../../src/core/settings/settings-file.ts';

const path = '/d/settings.json';

test('values may be text, numbers and switches; null is not set', () => {
  const file = parseSettingsFile(
    '\uFEFF{"HASH_WORKERS": 3, "LOCAL_ALLOW_DELETE": true, "HASH_ALGO": "blake3", "LAKE_MODELS_ROOT": null}',
    path,
  );
  assert.deepEqual(file, { path, values: { HASH_WORKERS: '3', LOCAL_ALLOW_DELETE: 'true', HASH_ALGO: 'blake3' } });
});

test('broken JSON is refused with line and column', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['', /line 1, column 1: the file is empty/],
    ['  \n ', /line 2, column 2: the file is empty/],
    ['{\n  "HASH_WORKERS": 2,\n}', /line 3, column 1: a comma stands before the closing “}”/],
    ['{"HASH_WORKERS": 2', /line 1, column 19: the file ends before the closing “}”/],
    ['{"HASH_WORKERS"', /column 16: the file ends where “:” is expected/],
    ['{"HASH_WORKERS" 2}', /column 17: “2” stands where “:” is expected/],
    ['{\n"A": tru}', /line 2, column 6: “tru” stands where a value/],
    ["{'A': 1}", /column 2: texts need double quotes/],
    ['{A: 1}', /column 2: “A” stands where a key/],
    ['{"A": 01}', /column 7: “01” stands where a value/],
    ['{"A": 1} x', /column 10: there is more after the end: “x”/],
    ['{"A": "C:\\models"}', /column 7: a text contains a “\\” that must be doubled/],
    ['{"A": "open\n}', /column 7: a text has no closing double quote/],
    ['// mine\n{}', /line 1, column 1: comments are not allowed/],
    ['{"A": 1 "B": 2}', /column 9: “"B"” stands where|column 9: /],
    ['{"A": [1, ]}', /column 11: a comma stands before the closing “]”/],
    ['{"A": 1]', /column 8: “]” stands where/],
  ];
  for (const [text, message] of rows) {
    assert.throws(() => parseSettingsFile(text, path), { code: 'INVALID_SETTING', message }, JSON.stringify(text));
    assert.throws(() => parseSettingsFile(text, path), { message: /^\/d\/settings\.json is not valid JSON: / });
  }
});

test('the position found agrees with the engine’s where the engine gives one', () => {
  const valid = fc.json({ maxDepth: 3 });
  const damage = fc.record({
    at: fc.nat(),
    by: fc.constantFrom('', ',', '}', ']', '{', '[', '"', ':', 'x', '1', '\n', '\\', ' '),
  });
  let compared = 0;
  fc.assert(
    fc.property(valid, damage, (json, { at, by }) => {
      const position = at % (json.length + 1);
      const text = json.slice(0, position) + by + json.slice(position + 1);
      try {
        JSON.parse(text);
      } catch (thrown) {
        const { line, column } = findJsonError(text);
        const engine = /\(line (\d+) column (\d+)\)/.exec((thrown as Error).message);
        if (engine === null) return;
        compared += 1;
        const lines = text.split('\n');
        const found = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column;
        const theirs =
          lines.slice(0, Number(engine[1]) - 1).join('\n').length + (Number(engine[1]) > 1 ? 1 : 0) + Number(engine[2]);
        // Inside a broken text or number ours points at its start.
        assert.ok(found <= theirs, `${JSON.stringify(text)}: ${found}, ${theirs}`);
      }
    }),
    { numRuns: 3_000 },
  );
  assert.ok(compared > 300);
});

test('other contents are refused by what they are', () => {
  const rows: readonly (readonly [string, RegExp, RegExp])[] = [
    ['[]', /must hold one JSON object/, /Correct the file/],
    ['null', /must hold one JSON object/, /Correct the file/],
    ['{"HASH_WORKER": 2}', /contains “HASH_WORKER”, which is not a setting/, /Did you mean HASH_WORKERS\?/],
    ['{"theme": "dark"}', /contains “theme”/, /Remove it/],
    ['{"__proto__": 1}', /contains “__proto__”/, /Remove it/],
    ['{"constructor": 1}', /contains “constructor”/, /Remove it/],
    ['{"APP_DATA_DIR": "/x"}', /APP_DATA_DIR cannot be set in/, /in the environment or in \.env/],
    ['{"IGNORE_GLOBS": ["a"]}', /“IGNORE_GLOBS” in .* must be text, a number, true or false/, /in quotes/],
    ['{"HASH_WORKERS": {}}', /must be text, a number, true or false/, /in quotes/],
  ];
  for (const [text, message, hint] of rows) {
    assert.throws(() => parseSettingsFile(text, path), { code: 'INVALID_SETTING', message, hint }, text);
  }
});

test('a change keeps the rest, is written in the listed order, and null removes', () => {
  const current = parseSettingsFile('{"WEIGHTROOM_PORT": 5000, "HASH_WORKERS": "3", "LAKE_ALLOW_DELETE": true}', path);
  const text = changeSettingsFile({
    current,
    changes: { LAKE_ALLOW_DELETE: null, LOCAL_MODELS_ROOT: '/data/models', QUEUE_CONCURRENCY: 2 },
    path,
    platform: 'posix',
  });
  assert.equal(
    text,
    '{\n  "LOCAL_MODELS_ROOT": "/data/models",\n  "QUEUE_CONCURRENCY": 2,\n  "HASH_WORKERS": 3,\n  "WEIGHTROOM_PORT": 5000\n}\n',
  );
  assert.deepEqual(parseSettingsFile(text, path).values.QUEUE_CONCURRENCY, '2');
});

test('a change with an unknown key or a bad value is refused as a whole', () => {
  const rows: readonly (readonly [Record<string, string | number | boolean | null>, RegExp])[] = [
    [{ HASH_WORKERS: 4, QUEUE_CONCURRENCY: 0 }, /QUEUE_CONCURRENCY is “0” in \/d\/settings\.json/],
    [{ hash_workers: 4 }, /contains “hash_workers”/],
    [{ APP_DATA_DIR: '/x' }, /APP_DATA_DIR cannot be set/],
    [{ LOCAL_ALLOW_DELETE: 'perhaps' }, /true or false/],
  ];
  for (const [changes, message] of rows) {
    assert.throws(() => changeSettingsFile({ current: null, changes, path, platform: 'posix' }), {
      code: 'INVALID_SETTING',
      message,
    });
  }
});
