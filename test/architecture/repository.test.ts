import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { readText, root } from './source-files.ts';

/** What belongs to the repository: tracked files, and new ones that are not ignored. */
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile())
  .sort();
const texts = files
  .map((path) => ({ path, bytes: readFileSync(join(root, path)) }))
  .filter(({ bytes }) => !bytes.subarray(0, 8_000).includes(0))
  .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
const pages = texts.filter(({ path }) => path.endsWith('.md'));

/** In pieces, so that this file does not find itself. */
const strangers = [['fa', 'rm-'].join(''), ['.lib', 'rary/'].join(''), ['/wo', 'rk/'].join('')];

test('no file names a place of the machine it was written on', () => {
  const places = [...new Set([root, homedir()])].filter((place) => place.split(/[\\/]/).filter(Boolean).length > 1);
  const found = texts.flatMap(({ path, text }) =>
    [...strangers, ...places].filter((name) => text.includes(name)).map((name) => `${path} contains ${name}`),
  );
  assert.deepEqual(found, []);
});

test('examples of home folders belong to nobody', () => {
  const home = /(?:\/home\/|\/Users\/|[A-Z]:\\{1,2}Users\\{1,2})([\w.-]+)/g;
  const found = texts
    .filter(({ path }) => path !== 'package-lock.json')
    .flatMap(({ path, text }) => [...text.matchAll(home)].map(([all, user]) => ({ path, all, user })))
    .filter(({ user }) => !['you', 'Public'].includes(user ?? ''))
    .map(({ path, all }) => `${path} contains ${all}; call the person “you”`);
  assert.deepEqual(found, []);
});

test('the lockfile names no download address, and holds exact versions of what package.json asks for', () => {
  const lock = JSON.parse(readText('package-lock.json')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>;
  };
  const withAddress = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  assert.deepEqual(
    withAddress.map(([path]) => path),
    [],
  );
  for (const [name, version] of Object.entries(dependencies())) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned`);
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
});

test('every dependency is accounted for in its ADR, and no other', () => {
  const text = readText('docs/adr/0010-dependencies.md');
  const tables = text.split('\n').filter((line) => line.startsWith('| `'));
  const listed = tables.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
  );
  assert.deepEqual(listed.sort(), Object.keys(dependencies()).sort());
});

test('scripts of npm are plain calls, which every shell and cmd.exe understand', () => {
  const { scripts } = JSON.parse(readText('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const unclear = Object.entries(scripts).filter(([, line]) => !/^(?:node|biome)(?: [\w./=-]+)+$/.test(line));
  assert.deepEqual(unclear, []);
});

function dependencies(): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readText('package.json')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
}

test('every link between pages leads somewhere', () => {
  const broken = pages.flatMap(({ path, text }) =>
    linksOf(text)
      .filter(({ target }) => !/^[a-z]+:/.test(target))
      .filter(({ target }) => !leadsSomewhere(path, text, target))
      .map(({ target }) => `${path} → ${target}`),
  );
  assert.deepEqual(broken, []);
});

function linksOf(text: string): readonly { readonly target: string }[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`(?!\])/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ target: target ?? '' }));
}

function leadsSomewhere(from: string, text: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : posix.join(dirname(from), file);
  if (!existsSync(join(root, path))) return false;
  return anchor === undefined || anchorsOf(file === '' ? text : readText(path)).has(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('decisions are numbered without a gap, listed, and say context, decision and consequences', () => {
  const decisions = files.filter((path) => /^docs\/adr\/\d{4}-/.test(path));
  const index = readText('docs/adr/README.md');
  decisions.forEach((path, k) => {
    const number = String(k + 1).padStart(4, '0');
    assert.ok(path.startsWith(`docs/adr/${number}-`), `${path} should have the number ${number}`);
    assert.ok(index.includes(`(${posix.basename(path)})`), `${path} is not in the list`);
    const text = readText(path);
    assert.ok(text.startsWith(`# ${number} · `), path);
    for (const heading of ['Context', 'Decision', 'Consequences']) assert.ok(text.includes(`\n## ${heading}\n`), path);
    assert.ok(text.split('\n').length <= 70, `${path} is longer than a page`);
  });
  assert.ok(decisions.length > 0);
});

test('the README fits on a few screens', () => {
  assert.ok(readText('README.md').split('\n').length <= 121);
});
