import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CompareState } from '../../src/contract/sync-words.ts';
import { makePlace, runJson } from './program.ts';

const generator = fileURLToPath(new URL('../../../shared/bench/genlib.mjs', import.meta.url));
const skip = fs.existsSync(generator) ? false : 'the library generator does not lie beside this repository';

interface TruthLine {
  readonly root: 'local' | 'lake';
  readonly rel: string;
  readonly size: number;
  /** Number of the content: equal numbers, equal bytes. */
  readonly c: number;
}

interface Diff {
  readonly summary: Record<CompareState, { readonly files: number; readonly bytes: number }>;
  readonly moved: number;
  readonly entries: readonly { readonly relPath: string; readonly state: CompareState }[];
}

/** The states by an independent rule: one line per relPath, equal content numbers are the same bytes. */
function statesFrom(lines: readonly TruthLine[]): Map<string, CompareState> {
  const sides = new Map<string, { local?: TruthLine; lake?: TruthLine }>();
  for (const line of lines) sides.set(line.rel, { ...sides.get(line.rel), [line.root]: line });
  const states = [...sides].map(([rel, { local, lake }]): [string, CompareState] => {
    if (!lake) return [rel, 'only-a'];
    if (!local) return [rel, 'only-b'];
    return [rel, local.c === lake.c ? 'same-verified' : 'conflict'];
  });
  return new Map(states.sort(([x], [y]) => (x < y ? -1 : 1)));
}

for (const seed of ['1', '7']) {
  test(`diff --hash agrees with the generator on every file (seed ${seed})`, { skip }, async (t) => {
    const place = makePlace(t);
    for (const root of [place.local, place.lake]) fs.rmdirSync(root);
    const made = spawnSync(process.execPath, [generator, '--out', place.folder, '--profile', 'XS', '--seed', seed]);
    assert.equal(made.status, 0, String(made.stderr));
    const truth = JSON.parse(fs.readFileSync(path.join(place.folder, 'truth.json'), 'utf8')) as {
      diff: { moved: number };
    };
    const lines = fs
      .readFileSync(path.join(place.folder, 'truth.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TruthLine);

    const diff = await runJson<Diff>(place, ['diff', '--hash', '--entries']);

    const found = diff.entries.map(({ relPath, state }): [string, CompareState] => [relPath, state]);
    const expected = statesFrom(lines);
    assert.deepEqual(new Map(found.sort(([x], [y]) => (x < y ? -1 : 1))), expected);
    assert.equal(diff.moved, truth.diff.moved);
    for (const [state, { files }] of Object.entries(diff.summary)) {
      assert.equal(files, [...expected.values()].filter((other) => other === state).length, state);
    }
  });
}
