import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/command-table.ts';
import { filesBelow, readText, root } from './source-files.ts';

const columns = ['feature', 'contract', 'core', 'feature folder', 'route', 'command line', 'commands', 'page'] as const;

interface FeatureRow {
  readonly feature: string;
  /** What stands in backticks, by column. */
  readonly named: ReadonlyMap<string, readonly string[]>;
}

function readFeatureMap(): readonly FeatureRow[] {
  const section = /## Feature map\n(.*?)\n## /s.exec(readText('ARCHITECTURE.md'))?.[1] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const cells = line.slice(1, -1).split('|');
    assert.equal(cells.length, columns.length, line);
    const named = columns.map((column, k) => [column, inBackticks(cells[k] ?? '')] as const);
    return { feature: cells[0]?.trim() ?? '', named: new Map(named) };
  });
}

function inBackticks(text: string): readonly string[] {
  return [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`]+)`/g)].map(([, inside]) => inside ?? '');
}

const rows = readFeatureMap();

function column(name: (typeof columns)[number]): readonly string[] {
  return rows.flatMap(({ named }) => named.get(name) ?? []);
}

test('every path of the feature map exists', () => {
  const paths = rows.flatMap(({ named }) => [...named].flatMap(([name, texts]) => (name === 'commands' ? [] : texts)));
  assert.ok(paths.length > 40);
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(root, 'src', path))),
    [],
  );
});

test('every file of contract, routes and commands, and every folder of features and page, is in the feature map', () => {
  const wanted: readonly [(typeof columns)[number], readonly string[]][] = [
    ['contract', filesBelow('src/contract').filter((path) => path.endsWith('.ts'))],
    ['route', filesBelow('src/server/routes')],
    ['command line', filesBelow('src/cli/commands')],
    ['feature folder', foldersOf('src/features')],
    ['page', foldersOf('src/web/features')],
  ];
  for (const [name, paths] of wanted) {
    const listed = column(name);
    const missing = paths.filter((path) => !listed.includes(path.replace(/^src\//, '')));
    assert.deepEqual(missing, [], `missing in column “${name}”`);
  }
});

function foldersOf(folder: string): readonly string[] {
  const folders = filesBelow(folder)
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => path.includes('/'))
    .map((path) => `${folder}/${path.split('/')[0]}/`);
  return [...new Set(folders)];
}

test('the commands of the feature map are those of the command line', () => {
  assert.deepEqual([...column('commands')].sort(), commands.map(({ path }) => path).sort());
});

test('one word names a feature in every layer', () => {
  for (const folder of column('feature folder')) {
    const word = folder.split('/')[1] ?? '';
    const row = rows.find(({ named }) => named.get('feature folder')?.includes(folder));
    for (const [name, path] of [
      ['contract', `contract/${word}.ts`],
      ['route', `server/routes/${word}.ts`],
      ['command line', `cli/commands/${word}.ts`],
    ] as const) {
      assert.ok(row?.named.get(name)?.includes(path), `${folder}: ${path} is not in its row`);
    }
  }
});

test('every part of core and platform is in the code map', () => {
  const text = readText('ARCHITECTURE.md');
  const parts = [...foldersOf('src/core'), ...foldersOf('src/platform')];
  assert.deepEqual(
    parts.filter((part) => !text.includes(`\`${part}\``)),
    [],
  );
});

test('every file and folder that ARCHITECTURE and CONTRIBUTING name in backticks exists', () => {
  for (const page of ['ARCHITECTURE.md', 'CONTRIBUTING.md']) {
    // Names in capitals stand for any: `src/contract/FEATURE.ts`.
    const names = inBackticks(readText(page)).filter((text) =>
      /^(?:src|test|bin|scripts|docs)\/[a-z0-9./-]+$/.test(text),
    );
    assert.ok(names.length > 5);
    const lost = names.filter((name) => !existsSync(join(root, name)));
    assert.deepEqual(lost, [], page);
  }
});
