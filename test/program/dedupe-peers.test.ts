import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fillLibrary, type Scan } from './duplicates.ts';
import { makePlace, type Place, runJson } from './program.ts';

interface Library {
  readonly local: string;
  readonly lake: string;
}
const scriptAt = (relPath: string): string => new URL(`../../${relPath}`, import.meta.url).href;
const { profileNamed } = (await import(scriptAt('bench/library/profiles.mjs'))) as {
  profileNamed(name: string): object;
};
const { provideLibrary } = (await import(scriptAt('bench/library/provide.mjs'))) as {
  provideLibrary(folder: string, profile: object, say: (line: string) => void): Library;
};
const { isInstalled } = (await import(scriptAt('scripts/test-tools.mjs'))) as { isInstalled(command: string): boolean };

/** Files of equal content, each group as the ids of its files: names of one file are one. Sorted. */
type Groups = readonly string[];

function groupsOf(paths: readonly (readonly string[])[]): Groups {
  const ids = paths.map((group) => new Set(group.map((file) => String(fs.statSync(file, { bigint: true }).ino))));
  return ids
    .filter((group) => group.size > 1)
    .map((group) => [...group].sort().join(' '))
    .sort();
}

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Blank lines between groups. */
function foundByJdupes(roots: readonly string[]): Groups {
  const text = output('jdupes', ['-r', '-q', '-H', ...roots]);
  return groupsOf(
    text
      .trim()
      .split('\n\n')
      .map((group) => group.split('\n')),
  );
}

interface RmlintLine {
  readonly type?: string;
  readonly path?: string;
  readonly checksum?: string;
  readonly size?: number;
}

function foundByRmlint(roots: readonly string[]): Groups {
  const lines = JSON.parse(output('rmlint', ['-T', 'df', '-o', 'json:stdout', ...roots])) as readonly RmlintLine[];
  const groups = new Map<string, string[]>();
  for (const { type, path: file = '', checksum, size } of lines) {
    if (type !== 'duplicate_file') continue;
    const key = `${size} ${checksum}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return groupsOf([...groups.values()]);
}

async function foundByUs(place: Place): Promise<Groups> {
  const roots = { local: place.local, lake: place.lake };
  const { groups = [] } = await runJson<Scan>(place, ['dedupe', 'scan', '--side', 'local', '--side', 'lake']);
  return groupsOf(
    groups.map(({ files }) => files.map(({ location, relPath }) => path.join(roots[location ?? 'local'], relPath))),
  );
}

/** A generated library with look-alikes, hard links and empty files, and a second one of sparse files and traps. */
function fill(place: Place): void {
  for (const root of [place.local, place.lake]) fs.rmdirSync(root);
  const made = provideLibrary(place.folder, profileNamed('XS'), () => {});
  for (const side of ['local', 'lake'] as const) fs.renameSync(made[side], place[side]);
  fillLibrary(place);
}

for (const [name, found] of [
  ['jdupes', foundByJdupes],
  ['rmlint', foundByRmlint],
] as const) {
  test(`a scan of two locations finds what ${name} finds`, {
    skip: isInstalled(name) ? false : `${name} is not installed`,
  }, async (t) => {
    const place = makePlace(t);
    fill(place);
    const expected = found([place.local, place.lake]);
    assert.ok(expected.length > 20, `${name} finds ${expected.length} groups`);
    assert.deepEqual(await foundByUs(place), expected);
  });
}
