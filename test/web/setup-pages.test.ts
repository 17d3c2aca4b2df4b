import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Problem } from '../../src/contract/indexing.ts';
import type { Setting } from '../../src/contract/settings.ts';
import { reportText } from '../../src/web/features/doctor/report-text.ts';
import { indexByLetter, nextIndex } from '../../src/web/features/locations/folder-keys.ts';
import { adviceFor, causeOf, causesIn, matching } from '../../src/web/features/locations/problem-words.ts';
import { withoutQuotes } from '../../src/web/features/locations/without-quotes.ts';
import { grouped, keyNamedIn, problemOf } from '../../src/web/features/settings/setting-words.ts';
import { formatParameters, headerText } from '../../src/web/features/sync/header-text.ts';

describe('keys in the list of folders', () => {
  it('stay inside the list', () => {
    assert.deepEqual(
      ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'].map((key) => nextIndex(key, 1, 3)),
      [2, 0, 2, 0, 0, 2, null],
    );
    assert.equal(nextIndex('ArrowUp', 0, 3), 0);
    assert.equal(nextIndex('ArrowDown', 2, 3), 2);
  });

  it('jump to the next name with the letter, round the end, and stay where there is none', () => {
    const folders = ['checkpoints', 'Clip', 'loras', 'vae'].map((name) => ({ name }));
    assert.equal(indexByLetter(folders, 0, 'c'), 1);
    assert.equal(indexByLetter(folders, 1, 'C'), 0);
    assert.equal(indexByLetter(folders, 0, 'z'), 0);
    assert.equal(indexByLetter([], 0, 'z'), 0);
  });
});

describe('settings in words', () => {
  const setting = (key: string, input: Setting['input']): Setting => ({
    key,
    value: 2,
    source: 'default',
    origin: null,
    description: '',
    values: 'A whole number from 1 to 16.',
    defaultValue: 2,
    input,
    fixedReason: null,
    waitsForRestart: false,
  });

  it('numbers out of range are told before the program is asked', () => {
    const jobs = setting('QUEUE_CONCURRENCY', { kind: 'number', least: 1, most: 16 });
    for (const text of ['0', '17', '2.5', 'two', '']) assert.equal(problemOf(jobs, text), jobs.values, text);
    for (const text of ['1', '16', ' 3 ']) assert.equal(problemOf(jobs, text), null, text);
    assert.equal(problemOf(setting('IGNORE_GLOBS', { kind: 'text' }), 'anything'), null);
  });

  it('every setting is in exactly one group', () => {
    const all = [
      'LOCAL_MODELS_ROOT',
      'LAKE_ALLOW_DELETE',
      'HASH_WORKERS',
      'QUEUE_RETRY_COUNT',
      'WEIGHTROOM_PORT',
      'NEW',
    ];
    const groups = grouped(all.map((key) => setting(key, { kind: 'text' })));
    assert.deepEqual(groups.flatMap(([, members]) => members.map(({ key }) => key)).sort(), [...all].sort());
  });

  it('a refusal is shown at the key that its sentence names first', () => {
    const keys = ['LAKE_MODELS_ROOT', 'LOCAL_MODELS_ROOT'];
    assert.equal(keyNamedIn('LOCAL_MODELS_ROOT “/a” lies inside LAKE_MODELS_ROOT “/”.', keys), 'LOCAL_MODELS_ROOT');
    assert.equal(keyNamedIn('The drive is full.', keys), undefined);
  });
});

describe('problems in words', () => {
  const problem = (code: Problem['code'], relPath: string, hint: string | null = null): Problem => ({
    location: 'local',
    relPath,
    code,
    message: `“${relPath}” …`,
    hint,
  });

  it('its own advice comes before the usual one', () => {
    assert.equal(adviceFor(problem('LINK_BROKEN', 'a', 'Do this.')), 'Do this.');
    assert.match(adviceFor(problem('LINK_BROKEN', 'a')) ?? '', /Remove the link/);
    assert.equal(causeOf('PLAN_STALE'), 'PLAN_STALE');
  });

  it('causes are counted, most first, and words filter paths and messages', () => {
    const all = [problem('IO_FAILED', 'a'), problem('LINK_BROKEN', 'loras/B'), problem('LINK_BROKEN', 'c')];
    assert.deepEqual(causesIn(all), [
      ['LINK_BROKEN', 2],
      ['IO_FAILED', 1],
    ]);
    assert.deepEqual(
      matching(all, ' LORAS/b ').map(({ relPath }) => relPath),
      ['loras/B'],
    );
    assert.equal(matching(all, '').length, 3);
  });
});

describe('text out of files', () => {
  it('keeps lines, writes out what deceives the eye, and has an end', () => {
    assert.equal(headerText('one\r\ntwo\tthree\u202Egnp'), 'one\ntwo three‹U+202E›gnp');
    assert.equal(headerText('x'.repeat(5_000)).length, 601);
  });

  it('numbers of parameters are spoken as people do', () => {
    assert.deepEqual([950, 860_000_000, 11_901_408_320, 2.5e12].map(formatParameters), [
      '950',
      '860 M',
      '11.9 B',
      '2.5 T',
    ]);
  });
});

it('paths may be pasted with the quotes that Explorer puts around them', () => {
  assert.equal(withoutQuotes(' "D:\\AI\\models" '), 'D:\\AI\\models');
  assert.equal(withoutQuotes('/mnt/a "b"'), '/mnt/a "b"');
});

it('the report of the doctor is plain text', () => {
  const check = {
    id: 'space',
    title: 'Free space',
    status: 'warning',
    detail: '1 GiB free.',
    hint: 'Make room.',
  } as const;
  assert.equal(
    reportText({ machine: [check], locations: [{ location: 'nas', path: '/nas', checks: [check] }] }, () => 'NAS'),
    [
      'This machine',
      '  warning Free space: 1 GiB free. Make room.',
      '',
      'NAS (/nas)',
      '  warning Free space: 1 GiB free. Make room.',
    ].join('\n'),
  );
});
