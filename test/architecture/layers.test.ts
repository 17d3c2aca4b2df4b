import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignPackages, importCycles, importProblem, impurities, pureLayers, weakenings } from './rules.ts';
import { edgesOf, parseSource, resolved, sourceFiles, valueImportsOf } from './source-files.ts';

const files = sourceFiles();
const pure = files.filter(({ layer }) => pureLayers.includes(layer));

test('contract, core and features use no clock, no chance, no timer and no console', () => {
  assert.deepEqual(pure.flatMap(impurities), []);
});

test('core and features import no package, the contract only its schema library', () => {
  assert.deepEqual(pure.flatMap(foreignPackages), []);
});

test('imports inside a layer follow its order: features apart, core downwards, platform on ports, web on its kit', () => {
  const wrong = edgesOf(files).flatMap((edge) => {
    const problem = importProblem(edge);
    return problem === null ? [] : [`${edge.from} → ${edge.to}: ${problem}`];
  });
  assert.deepEqual(wrong, []);
});

test('of the page, the one part that parses what it stored brings the schema library', () => {
  // The build replaces the first two (vite.config.ts); the others are loaded with /dedupe.
  const ends = ['src/contract/api.ts', 'src/contract/session.ts', 'src/web/vite.config.ts'];
  const parsing = ['src/web/features/dedupe/stored-choices.ts', 'src/web/api/no-eval.ts'];
  const byPath = new Map(files.map((file) => [file.path, file]));
  const withLibrary = (path: string, seen: Set<string>): string[] => {
    const file = byPath.get(path);
    if (!file || seen.has(path) || ends.includes(path)) return [];
    seen.add(path);
    const imports = valueImportsOf(file);
    if (imports.includes('zod')) return [path];
    return imports.filter((name) => name.startsWith('.')).flatMap((name) => withLibrary(resolved(path, name), seen));
  };
  const seen = new Set(parsing);
  const page = files.filter(({ layer, path }) => layer === 'web' && !seen.has(path));
  assert.deepEqual(
    page.flatMap(({ path }) => withLibrary(path, seen)),
    [],
  );
  assert.ok(parsing.every((path) => withLibrary(path, new Set()).length > 0));
});

test('no circle of imports', () => {
  assert.deepEqual(
    importCycles(edgesOf(files)).map((cycle) => cycle.join(' → ')),
    [],
  );
});

test('src has no `any`, no `!` and no comment that switches a check off', () => {
  assert.deepEqual(files.flatMap(weakenings), []);
});

test('all of src was looked at, and every relative import names a file that is there', () => {
  const known = new Set(files.map(({ path }) => path));
  assert.ok(files.length > 150, `only ${files.length} files`);
  const lost = edgesOf(files).filter(({ to }) => /\.tsx?$/.test(to) && !known.has(to));
  assert.deepEqual(lost, []);
});

test('the rules see what they forbid', async (t) => {
  const cases: readonly [string, string, (text: string) => readonly unknown[]][] = [
    ['the clock', 'export const at = Date.now();', impure],
    ['the clock without a name', 'export const at = new Date();', impure],
    ['the clock in a template', `export const at = \`$\{new Date()}\`;`, impure],
    ['chance', 'export const x = Math.random();', impure],
    ['chance by key', "export const x = Math['random']();", impure],
    ['a timer', 'setTimeout(() => {}, 1);', impure],
    ['the console', "console.log('x');", impure],
    ['crypto', 'export const id = crypto.randomUUID();', impure],
    ['the process', 'export const home = process.env.HOME;', impure],
    ['a shorthand', 'export const all = { performance };', impure],
    ['a package', "import { z } from 'zod';", foreign],
    ['a part of Node', "import fs from 'node:fs';", foreign],
    ['a package by type', "export type Q = import('zod').ZodType;", foreign],
    ['a package re-exported', "export { z } from 'zod';", foreign],
    ['any', 'export const x = (y: any) => y;', weak],
    ['a non-null assertion', 'export const x = [1][0]!;', weak],
    ['a suppression', '// @ts-ignore\nexport const x = 1;', weak],
  ];
  for (const [what, text, rule] of cases) {
    await t.test(what, () => assert.equal(rule(text).length > 0, true));
  }
});

test('the rules leave alone what only computes', () => {
  const text = `export const a = Date.UTC(2026, 0, 1); export const b = new Date(0); export const c = Math.max(1, 2);
    export const d = { performance: 1, console: 2 }; export const e = d.performance; // Date.now() in a comment
    export const f = 'Math.random()'; export interface G { readonly process: string }`;
  assert.deepEqual([impure(text), weak(text)], [[], []]);
});

test('the order of imports knows which way is down', () => {
  const cases: readonly [string, string, boolean][] = [
    ['src/core/catalog/a.ts', 'src/core/errors/b.ts', true],
    ['src/core/errors/a.ts', 'src/core/catalog/b.ts', false],
    ['src/core/events/a.ts', 'src/core/settings/b.ts', false],
    ['src/core/ports/a.ts', 'src/core/locations/location-definition.ts', true],
    ['src/core/ports/a.ts', 'src/core/locations/probe-root.ts', false],
    ['src/core/brand-new/a.ts', 'src/core/errors/b.ts', false],
    ['src/features/sync/a.ts', 'src/features/sync/b.ts', true],
    ['src/features/sync/a.ts', 'src/features/hashing/b.ts', false],
    ['src/platform/sqlite/a.ts', 'src/core/ports/b.ts', true],
    ['src/platform/sqlite/a.ts', 'src/core/catalog/b.ts', false],
    ['src/web/features/sync/a.ts', 'src/web/ui/b.ts', true],
    ['src/web/features/sync/a.ts', 'src/web/features/doctor/b.ts', false],
    ['src/web/features/sync/a.ts', 'src/web/app/b.ts', false],
    ['src/web/ui/a.ts', 'src/web/api/b.ts', false],
  ];
  for (const [from, to, isAllowed] of cases) {
    assert.equal(importProblem({ from, to }) === null, isAllowed, `${from} → ${to}`);
  }
});

test('a circle is found however long it is', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'b' },
  ];
  assert.deepEqual(importCycles(edges), [['b', 'c', 'b']]);
});

function impure(text: string) {
  return impurities(parseSource('src/core/paths/example.ts', text));
}
function foreign(text: string) {
  return foreignPackages(parseSource('src/core/paths/example.ts', text));
}
function weak(text: string) {
  return weakenings(parseSource('src/core/paths/example.ts', text));
}
