import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import { type ErrorCode, errorCodes, httpStatusOf } from '../../src/contract/errors.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { type Answer, startTestServer, type TestServer, token } from './server-fixture.ts';
import { stubHandlers } from './stub-handlers.ts';

let test: TestServer;
let failure: unknown;
before(async () => {
  const doctor = async () => {
    throw failure;
  };
  test = await startTestServer({ handlers: { ...stubHandlers, doctor } });
});
after(() => test[Symbol.asyncDispose]());

const errorOf = (answer: Answer) => errorBodySchema.parse(JSON.parse(answer.text)).error;

describe('every answer', () => {
  const places: [string, string][] = [
    ['the page', '/'],
    ['a file of the page', '/assets/index-Ab12Cd34.js'],
    ['an operation', '/api/locations'],
    ['an error', '/api/index?limit=0'],
    ['nothing', '/api/nothing'],
    ['the documentation', '/api/docs'],
  ];
  for (const [name, path] of places) {
    it(`carries the security headers: ${name}`, async () => {
      const { headers } = await test.ask(path);
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        `connect-src 'self' ws://127.0.0.1:${test.server.port}`,
      ]) {
        assert.ok(policy.split('; ').includes(rule), `${rule} in ${policy}`);
      }
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.equal(headers['access-control-allow-origin'], undefined);
    });
  }

  it('of the API is not stored by browsers, a hashed file forever, the page only with a check', async () => {
    assert.equal((await test.ask('/api/locations')).headers['cache-control'], 'no-store');
    assert.match((await test.ask('/assets/index-Ab12Cd34.js')).headers['cache-control'] ?? '', /immutable/);
    const page = await test.ask('/');
    assert.equal(page.headers['cache-control'], 'no-cache');
    const again = await test.ask('/', { headers: { 'if-none-match': page.headers.etag ?? '' } });
    assert.deepEqual([again.status, again.text], [304, '']);
  });
});

describe('addresses', () => {
  it('of the page’s own router get the page when a browser asks', async () => {
    for (const path of ['/', '/sync', '/library/model/7']) {
      const answer = await test.ask(path, { bare: true, headers: { accept: 'text/html,*/*' } });
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'] ?? '', /^text\/html/);
      assert.match(answer.text, /Weightroom/);
    }
  });

  it('that exist nowhere are ROUTE_NOT_FOUND', async () => {
    const cases: [string, string][] = [
      ['GET', '/api/nothing'],
      ['GET', '/api'],
      ['GET', '/missing.js'],
      ['GET', '/sync'],
      ['POST', '/sync'],
      ['DELETE', '/api/index'],
      ['PATCH', '/api/nothing'],
    ];
    for (const [method, path] of cases) {
      const answer = await test.ask(path, {
        method,
        ...(method === 'POST' || method === 'PATCH' ? { body: '{}' } : {}),
      });
      assert.equal(answer.status, 404, `${method} ${path}`);
      assert.equal(errorOf(answer).code, 'ROUTE_NOT_FOUND');
    }
  });

  it('serve a page that is built anew while the server runs', async () => {
    await using fresh = await startTestServer();
    assert.equal((await fresh.ask('/assets/new-Xy98Zw76.js')).status, 404);
    await writeFile(join(fresh.webRoot, 'assets', 'new-Xy98Zw76.js'), 'export {};');
    await writeFile(join(fresh.webRoot, 'index.html'), '<!doctype html><title>New</title>');
    assert.equal((await fresh.ask('/assets/new-Xy98Zw76.js')).status, 200);
    assert.match((await fresh.ask('/')).text, /New/);
  });

  it('say how to build the page when it is missing', async () => {
    await using bare = await startTestServer({ webRoot: '/nonexistent/web' });
    const answer = await bare.ask('/', { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 404);
    assert.match(errorOf(answer).hint ?? '', /npm run build/);
  });
});

describe('failures', () => {
  it('of every kind get their status, code, sentence and hint', async () => {
    for (const [code, [kind]] of Object.entries(errorCodes)) {
      failure = new AppError(code as ErrorCode, `It is ${code}.`, {
        hint: 'Do this.',
        cause: new Error('secret cause'),
      });
      const answer = await test.ask('/api/doctor');
      assert.equal(answer.status, httpStatusOf[kind], code);
      assert.deepEqual(errorOf(answer), { code, kind, message: `It is ${code}.`, hint: 'Do this.' });
      assert.doesNotMatch(answer.text, /secret cause/);
    }
  });

  it('that are bugs tell the client nothing about the program, and are kept', async () => {
    const thrown = [
      new TypeError(`cannot read /srv/program/src/x.ts`),
      Object.assign(new Error('ENOENT: /srv/program'), { code: 'ENOENT', statusCode: 404 }),
      'a string',
      undefined,
      null,
      { statusCode: 302, message: '/srv/program' },
    ];
    for (const each of thrown) {
      failure = each;
      test.internalErrors.length = 0;
      const answer = await test.ask('/api/doctor');
      assert.equal(answer.status, 500);
      assert.equal(errorOf(answer).code, 'INTERNAL');
      assert.doesNotMatch(answer.text, /srv|stack|string/);
      assert.equal(test.internalErrors.length, 1);
    }
  });

  it('of an output that breaks the contract are bugs', async () => {
    const listLocations = async () => ({ locations: [{ id: 'x' }] }) as never;
    await using broken = await startTestServer({ handlers: { ...stubHandlers, listLocations } });
    assert.equal((await broken.ask('/api/locations')).status, 500);
    assert.equal(broken.internalErrors.length, 1);
  });
});

describe('input', () => {
  const cases: [string, string, string, string | undefined, RegExp][] = [
    ['a missing field', 'POST', '/api/locations', '{}', /“path” is missing\./],
    ['a wrong type', 'POST', '/api/locations', '{"path":7}', /“path” cannot be used: .*string/],
    ['an unknown field', 'POST', '/api/locations', '{"path":"/m","alowDelete":true}', /“alowDelete” is not a field/],
    ['a number out of range', 'GET', '/api/index?limit=5000', undefined, /“limit” cannot be used: .*1000/],
    ['a number that is none', 'GET', '/api/index?limit=many', undefined, /“limit” cannot be used/],
    ['an unknown state', 'GET', '/api/diff?states=conflict,odd', undefined, /“states” cannot be used/],
    ['an unknown query field', 'GET', '/api/diff?state=conflict', undefined, /“state” is not a field/],
    ['a bad id in the path', 'PATCH', '/api/locations/A_B', '{}', /“id” cannot be used: use letters, digits/],
    ['an id in path and body', 'PATCH', '/api/locations/local', '{"id":"lake"}', /“id” is given twice/],
    ['a bad nested field', 'POST', '/api/hash', '{"scope":{"kind":"odd"}}', /“scope\.kind” cannot be used/],
    ['fields of a body in the address', 'POST', '/api/index/refresh?wait=true', '{}', /in the body/],
    ['broken JSON', 'POST', '/api/locations', '{"path":', /not valid JSON/],
    ['a list', 'POST', '/api/locations', '[]', /must be a JSON object/],
    ['null', 'POST', '/api/locations', 'null', /must be a JSON object/],
    ['a prototype', 'POST', '/api/locations', '{"path":"/m","__proto__":{"x":1}}', /not valid JSON/],
    ['a prototype in the query', 'GET', '/api/diff?__proto__=x', undefined, /“__proto__” is not a field/],
  ];
  for (const [name, method, path, body, sentence] of cases) {
    it(`is refused with a sentence that names it: ${name}`, async () => {
      const answer = await test.ask(path, { method, ...(body === undefined ? {} : { body }) });
      assert.equal(answer.status, 400, answer.text);
      assert.equal(errorOf(answer).code, 'INVALID_INPUT');
      assert.match(errorOf(answer).message, sentence);
    });
  }

  it('may leave out the body where no field is needed', async () => {
    assert.equal((await test.ask('/api/index/refresh', { method: 'POST' })).status, 200);
  });

  it('over 1 MB is refused, just below it is read', async () => {
    const bodyOf = (bytes: number) => JSON.stringify({ path: 'x'.repeat(bytes - 11) });
    const tooLarge = await test.ask('/api/locations', { method: 'POST', body: bodyOf(1024 * 1024 + 1) });
    assert.equal(errorOf(tooLarge).code, 'REQUEST_TOO_LARGE');
    assert.equal((await test.ask('/api/locations', { method: 'POST', body: bodyOf(1024 * 1024) })).status, 200);
  });

  it('with an address over 8 kB is refused', async () => {
    const answer = await test.ask(`/api/index?query=${'x'.repeat(8_192)}`);
    assert.equal(errorOf(answer).code, 'REQUEST_TOO_LARGE');
  });

  it('reaches the handler with path, query and defaults merged', async () => {
    const id = 'local:loras/ä b+c%.safetensors';
    const entry = await test.ask(`/api/entries/${encodeURIComponent(id)}`);
    assert.equal(JSON.parse(entry.text).id, id);
    const long = `local:${'x'.repeat(4_000)}`;
    assert.equal(JSON.parse((await test.ask(`/api/entries/${long}`)).text).id, long);
    const diff = JSON.parse((await test.ask('/api/diff?b=nas&offset=7')).text);
    assert.deepEqual([diff.a, diff.b, diff.offset], ['local', 'nas', 7]);
  });
});

describe('the session', () => {
  const open = (body: object) =>
    test.ask('/api/session', {
      method: 'POST',
      bare: true,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  it('is opened by the token and then carried by a cookie that does not contain it', async () => {
    const opened = await open({ token });
    assert.equal(opened.status, 200);
    const [cookie = ''] = opened.headers['set-cookie'] ?? [];
    assert.match(cookie, new RegExp(`^wr_session_${test.server.port}=`));
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/api']) assert.ok(cookie.includes(attribute));
    assert.ok(!cookie.includes(token) && !opened.text.includes(token));
    const pair = cookie.split(';')[0] ?? '';
    const withCookie = (value: string) => test.ask('/api/locations', { bare: true, headers: { cookie: value } });
    assert.equal((await withCookie(`theme=dark; ${pair}`)).status, 200);
    assert.equal((await withCookie(`${pair}x`)).status, 403);
    assert.equal((await withCookie(pair.replace(/_\d+=/, '_1='))).status, 403);
  });

  it('of one port opens no other port', async () => {
    await using other = await startTestServer();
    const value = (await open({ token })).headers['set-cookie']?.[0]?.split(';')[0]?.split('=')[1];
    const cookie = `wr_session_${other.server.port}=${value}`;
    assert.equal((await other.ask('/api/locations', { bare: true, headers: { cookie } })).status, 403);
  });

  it('is not opened by anything else', async () => {
    const refused = await open({ token: `${token}x` });
    assert.equal(refused.status, 403);
    assert.equal(refused.headers['set-cookie'], undefined);
    assert.match(errorOf(refused).hint ?? '', /weightroom serve/);
    assert.equal((await open({})).status, 400);
  });
});
