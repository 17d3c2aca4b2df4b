import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiEndpoints } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { type ErrorCode, errorCodes } from '../../src/contract/errors.ts';
import { eventTypes } from '../../src/contract/events.ts';
import { sessionEndpoints } from '../../src/contract/session.ts';
import { settingKeys } from '../../src/core/settings/setting-rules.ts';
import { createOpenApiDocument } from '../../src/server/openapi.ts';
import { filesBelow, isNode, parseSource, readText, sourceFiles } from './source-files.ts';

/** Codes that nothing can answer with yet, and what they wait for. */
const planned: Partial<Record<ErrorCode, string>> = {};

const endpoints = Object.entries<Endpoint>({ ...apiEndpoints, ...sessionEndpoints });

/** Texts in the code, the list of codes itself left out. */
const literals = new Set(
  sourceFiles()
    .filter(({ path }) => path !== 'src/contract/errors.ts')
    .flatMap(({ nodes }) => nodes.map(({ node }) => (node.type === 'Literal' ? node.value : null))),
);

test('every error code is used, or planned with a reason', () => {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  assert.deepEqual(
    codes.filter((code) => !literals.has(code) && planned[code] === undefined),
    [],
    'never thrown',
  );
  assert.deepEqual(
    codes.filter((code) => literals.has(code) && planned[code] !== undefined),
    [],
    'used by now: take it off the list of planned ones',
  );
});

test('every code that an AppError is made with is in the contract', () => {
  const unknown = sourceFiles().flatMap(({ path, nodes }) =>
    nodes.flatMap(({ node }) => {
      const { callee, arguments: given } = node;
      if (node.type !== 'NewExpression' || !isNode(callee) || callee.name !== 'AppError') return [];
      const [code] = Array.isArray(given) ? given : [];
      const value: unknown = isNode(code) && code.type === 'Literal' ? code.value : null;
      return typeof value === 'string' && !(value in errorCodes) ? [`${path}: ${value}`] : [];
    }),
  );
  assert.deepEqual(unknown, []);
});

test('every feature of the contract is handed to the router', () => {
  const application = readText('src/server/application.ts');
  const groups = filesBelow('src/contract').flatMap((path) => {
    const text = readText(path);
    return [...text.matchAll(/export const (\w+Endpoints) = \{/g)].map(([, name]) => name ?? '');
  });
  assert.ok(groups.length >= 7);
  for (const group of groups.filter((name) => name !== 'apiEndpoints')) {
    const route = sourceFiles().find(
      ({ path, text }) => path.startsWith('src/server/routes/') && text.includes(`defineRoutes(${group})`),
    );
    assert.ok(route, `${group} has no file in server/routes`);
    const name = /export (?:const|function) (\w+Routes)/.exec(route.text)?.[1] ?? '';
    assert.ok(name !== '' && application.includes(`...${name}(`), `${route.path} is not bound in application.ts`);
  }
});

test('no two endpoints share a method and path, and each has its own name', () => {
  const keys = endpoints.map(([, { method, path }]) => `${method} ${path}`);
  assert.equal(new Set(keys).size, keys.length);
  const total = Object.keys(apiEndpoints).length + Object.keys(sessionEndpoints).length;
  assert.equal(endpoints.length, total);
});

test('every endpoint is in the reference and in the OpenAPI document', () => {
  const page = readText('docs/reference/http.md');
  const { paths } = createOpenApiDocument('0');
  for (const [name, { method, path, summary }] of endpoints) {
    assert.ok(page.includes(`\n## ${method} ${path}\n`), `${method} ${path}: run node scripts/reference.mjs`);
    assert.ok(page.includes(summary), `${method} ${path} has another summary`);
    const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    assert.equal(operation?.operationId, name);
  }
});

test('every event, setting and error code is in the reference', () => {
  const events = readText('docs/reference/events.md');
  const settings = readText('docs/reference/settings.md');
  const errors = readText('docs/reference/errors.md');
  for (const type of Object.keys(eventTypes)) assert.ok(events.includes(`\n## ${type}\n`), type);
  for (const key of settingKeys) assert.ok(settings.includes(`\`${key}\``), key);
  for (const code of Object.keys(errorCodes)) assert.ok(errors.includes(`\`${code}\``), code);
});

test('the table of error kinds in ARCHITECTURE.md is that of the contract', async () => {
  const { errorKinds, exitStatusOf, httpStatusOf } = await import('../../src/contract/errors.ts');
  const text = readText('ARCHITECTURE.md');
  for (const kind of errorKinds) {
    assert.ok(text.includes(`| ${kind} | ${httpStatusOf[kind]} | ${exitStatusOf[kind]} |`), kind);
  }
});

test('the search for codes sees one that is not in the contract', () => {
  const { nodes } = parseSource('src/core/errors/example.ts', "throw new AppError('NOT_A_CODE', 'x');");
  const literal = nodes.find(({ node }) => node.type === 'Literal' && node.value === 'NOT_A_CODE');
  assert.equal(literal?.parent?.type, 'NewExpression');
});
