import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiEndpoints } from '../../src/contract/api.ts';
import { sessionEndpoints } from '../../src/contract/session.ts';
import { createOpenApiDocument } from '../../src/server/openapi.ts';
import { startTestServer } from './server-fixture.ts';

const endpoints = Object.entries({ ...sessionEndpoints, ...apiEndpoints });

describe('the documentation', () => {
  it('is OpenAPI 3.1 and lists every operation of the contract', async () => {
    await using test = await startTestServer();
    for (const path of ['/api/docs', '/api/docs/openapi.json']) {
      const document = JSON.parse((await test.ask(path)).text);
      assert.equal(document.openapi, '3.1.0');
      assert.equal(document.info.version, '9.9.9');
      for (const [name, endpoint] of endpoints) {
        const operation = document.paths[endpoint.path.replace(/:(\w+)/g, '{$1}')][endpoint.method.toLowerCase()];
        assert.equal(operation.operationId, name);
        assert.equal(operation.summary, endpoint.summary);
      }
      assert.ok(document.paths['/api/events']);
    }
  });

  it('has no reference that leads nowhere', () => {
    const document = createOpenApiDocument('1');
    const references = JSON.stringify(document).match(/"\$ref":"([^"]+)"/g) ?? [];
    assert.ok(references.length > 0);
    for (const reference of references) {
      const path = reference.slice('"$ref":"#/'.length, -1).split('/');
      const target = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
      assert.ok(target, reference);
    }
  });

  it('puts fields where the server reads them', () => {
    const { paths } = createOpenApiDocument('1');
    const diff = paths['/api/diff']?.get;
    assert.deepEqual(diff?.parameters.map(({ name, required }) => [name, required]).slice(0, 4), [
      ['a', false],
      ['b', false],
      ['folder', false],
      ['states', false],
    ]);
    const edit = paths['/api/locations/{id}']?.patch;
    assert.deepEqual(
      edit?.parameters.map(({ name, in: place }) => [name, place]),
      [['id', 'path']],
    );
    assert.match(JSON.stringify(edit?.requestBody), /"name"/);
    assert.doesNotMatch(JSON.stringify(edit?.requestBody), /"id"/);
    assert.equal(paths['/api/health']?.get?.security?.length, 0);
  });

  it('is a page without script or inline style for a person', async () => {
    await using test = await startTestServer();
    const answer = await test.ask('/api/docs', { headers: { accept: 'text/html,application/xhtml+xml' } });
    assert.match(answer.headers['content-type'] ?? '', /^text\/html/);
    assert.doesNotMatch(answer.text, /<script|<style|style=|onclick/);
    for (const [, endpoint] of endpoints) assert.ok(answer.text.includes(endpoint.path.replace(/:(\w+)/g, '{$1}')));
    const style = await test.ask('/api/docs/style.css');
    assert.match(style.headers['content-type'] ?? '', /^text\/css/);
  });
});
