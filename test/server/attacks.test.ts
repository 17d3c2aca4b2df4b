import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import { httpStatusOf } from '../../src/contract/errors.ts';
import { type Answer, type Asked, startTestServer, type TestServer, token } from './server-fixture.ts';

let test: TestServer;
before(async () => {
  test = await startTestServer();
});
after(() => test[Symbol.asyncDispose]());

/** An address for a route of the router: parameters get a value that is valid for all of them. */
const addressOf = (url: string) => url.replace(/:\w+/g, 'aaaaaaaa').replace('*', 'index.html') + (queries[url] ?? '');

/** The least query each operation accepts. */
const queries: Readonly<Record<string, string>> = {
  '/api/folders': '?path=/models',
  '/api/headers/compare': '?a=local:YQ&b=lake:YQ',
  '/api/dedupe/wait': '?scanId=aaaaaaaa',
  '/api/dedupe/hints': '?scanId=aaaaaaaa',
};

/** The least body each operation accepts. */
const bodies: Readonly<Record<string, object>> = {
  '/api/session': { token },
  '/api/locations': { path: '/models' },
  '/api/hash': { scope: { kind: 'location', location: 'local' } },
  '/api/hash/control': { action: 'pause' },
  '/api/settings': { values: {} },
  '/api/open-folder': { location: 'local', relPath: '' },
  '/api/first-run': { local: '/models' },
  '/api/queue/copy': { srcSide: 'local', srcRelPath: 'a', dstSide: 'lake' },
  '/api/queue/move': { srcSide: 'local', srcRelPath: 'a', dstSide: 'lake' },
  '/api/queue/delete': { side: 'local', relPath: 'a' },
  '/api/queue/plan/copy': { srcSide: 'local', srcRelPath: 'a', dstSide: 'lake' },
  '/api/queue/plan/delete': { side: 'local', relPath: 'a' },
  '/api/queue/execute': { planId: 'aaaaaaaa' },
  '/api/queue/drop': { planId: 'aaaaaaaa' },
  '/api/queue/cancel': { ids: ['aaaaaaaa'] },
  '/api/queue/retry': { ids: ['aaaaaaaa'] },
  '/api/queue/remove': { ids: ['aaaaaaaa'] },
  '/api/queue/reorder': { id: 'aaaaaaaa', before: null },
  '/api/queue/undo': { id: 'aaaaaaaa' },
  '/api/mirror/plan': { srcSide: 'local', dstSide: 'lake' },
  '/api/mirror/execute': { planId: 'aaaaaaaa' },
  '/api/dedupe/scan': { side: 'local' },
  '/api/dedupe/cancel': { scanId: 'aaaaaaaa' },
  '/api/dedupe/plan': { scanId: 'aaaaaaaa' },
  '/api/dedupe/keepers': { scanId: 'aaaaaaaa', rules: [], groups: [0] },
  '/api/dedupe/execute': { scanId: 'aaaaaaaa', confirmed: { files: 0, bytes: 0 } },
};

function requestFor(method: string, url: string): Asked {
  const takesBody = method === 'POST' || method === 'PATCH';
  return { method, ...(takesBody ? { body: JSON.stringify(bodies[url] ?? {}) } : {}) };
}

function assertRefused(answer: Answer, code: string, isHead = false): void {
  if (isHead) {
    assert.ok(answer.status >= 400);
    return;
  }
  const { error } = errorBodySchema.parse(JSON.parse(answer.text));
  assert.equal(error.code, code);
  assert.equal(answer.status, httpStatusOf[error.kind]);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  assert.doesNotMatch(answer.text, /\.ts|node_modules|\bat .+:\d+/);
}

const attacks: Record<string, (port: number) => Record<string, string>> = {
  'DNS rebinding (foreign Host, no Origin)': (port) => ({ host: `evil.example:${port}` }),
  'another port as Host': () => ({ host: 'localhost:1' }),
  'a foreign Origin': () => ({ origin: 'https://evil.example' }),
  'a sandboxed frame': () => ({ origin: 'null' }),
  'a cross-site request': () => ({ 'sec-fetch-site': 'cross-site' }),
  'a same-site request from another port': () => ({ 'sec-fetch-site': 'same-site' }),
};

describe('every route of the router', () => {
  it('is known to this test: the contract, the documentation and the page', () => {
    const urls = new Set(test.server.routes.map(({ url }) => url));
    assert.ok(urls.size >= 19, `${urls.size} routes`);
    const open = test.server.routes.filter(({ isOpen }) => isOpen).map(({ method, url }) => `${method} ${url}`);
    assert.deepEqual(open.sort(), ['GET /*', 'GET /api/health', 'HEAD /*', 'HEAD /api/health', 'POST /api/session']);
  });

  for (const [name, headersOf] of Object.entries(attacks)) {
    it(`refuses ${name}, even with the token`, async () => {
      for (const { method, url } of test.server.routes) {
        const asked = requestFor(method, url);
        const answer = await test.ask(addressOf(url), { ...asked, headers: headersOf(test.server.port) });
        assertRefused(answer, 'FORBIDDEN', method === 'HEAD');
      }
    });
  }

  it('asks for the token, unless it is open', async () => {
    const without: Record<string, Record<string, string>> = {
      nothing: {},
      'a wrong token': { authorization: 'Bearer wrong' },
      'the token as a cookie': { cookie: `wr_session_${test.server.port}=${token}` },
      'the token as basic credentials': { authorization: `Basic ${token}` },
    };
    for (const headers of Object.values(without)) {
      for (const { method, url, isOpen } of test.server.routes) {
        const asked = {
          ...requestFor(method, url),
          headers: { ...headers, 'content-type': 'application/json' },
          bare: true,
        };
        const answer = await test.ask(addressOf(url), asked);
        if (isOpen) assert.equal(answer.status, 200, `${method} ${url}: ${answer.text}`);
        else assertRefused(answer, 'FORBIDDEN', method === 'HEAD');
      }
    }
  });

  it('takes changes only as JSON', async () => {
    const changing = test.server.routes.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
    assert.ok(changing.length > 5);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      for (const { method, url } of changing) {
        const answer = await test.ask(addressOf(url), { method, body: '{}', headers: { 'content-type': type } });
        assertRefused(answer, 'FORBIDDEN');
      }
    }
  });

  it('answers its own clients', async () => {
    for (const { method, url } of test.server.routes.filter((route) => !/^\/api(\/\*)?$/.test(route.url))) {
      const answer = await test.ask(addressOf(url), requestFor(method, url));
      assert.equal(answer.status, 200, `${method} ${url}: ${answer.text}`);
    }
  });
});

describe('a way around the token', () => {
  const ways = [
    '/%61pi/locations',
    '/api/../api/locations',
    '/api//locations',
    '/API/locations',
    '/api/locations/',
    '/api%2flocations',
    '//api/locations',
    '/./api/locations',
    '/api/locations;x',
    '/api\\locations',
  ];
  for (const way of ways) {
    it(`does not exist as ${way}`, async () => {
      const answer = await test.ask(way, { bare: true, headers: { accept: 'text/html' } });
      assert.doesNotMatch(answer.text, /"locations"/);
    });
  }
});

describe('addresses that try to leave the web root', () => {
  const climbs = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/%252e%252e/secret.txt',
    '/....//secret.txt',
    '/index.html::$DATA',
    '/index.html%00',
    '/index.html.',
    '/index.html%20',
    '/C:/Windows/win.ini',
    '/C:%5cWindows%5cwin.ini',
    '/%5c%5cserver%5cshare%5csecret.txt',
    '//server/share/secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/etc/passwd',
    '/proc/self/environ',
    '/INDEX~1.HTM',
    '/CON',
    '/assets',
    '/assets/',
  ];
  for (const climb of climbs) {
    it(`find nothing: ${climb}`, async () => {
      const answer = await test.ask(climb, { bare: true });
      assertRefused(answer, answer.status === 400 ? 'INVALID_INPUT' : 'ROUTE_NOT_FOUND');
    });
  }
});

describe('bytes that are no proper request', () => {
  const send = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(test.server.port, '127.0.0.1', () => socket.write(bytes));
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
  const host = () => `Host: 127.0.0.1:${test.server.port}\r\n`;
  const auth = `Authorization: Bearer ${token}\r\n`;
  const cases: Record<string, () => [bytes: string, status: number]> = {
    garbage: () => ['\x16\x03\x01\x02\r\n\r\n', 400],
    'a huge header': () => [`GET / HTTP/1.1\r\n${host()}X: ${'a'.repeat(20_000)}\r\n\r\n`, 400],
    'HTTP/1.0 without Host': () => ['GET /api/locations HTTP/1.0\r\n\r\n', 403],
    'two Hosts': () => [`GET / HTTP/1.1\r\n${host()}Host: evil.example\r\nConnection: close\r\n\r\n`, 403],
    'an absolute address': () => [`GET http://evil.example/ HTTP/1.1\r\n${host()}Connection: close\r\n\r\n`, 400],
    'two lengths': () => [
      `POST /api/hash HTTP/1.1\r\n${host()}${auth}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      400,
    ],
    'length and chunks': () => [
      `POST /api/hash HTTP/1.1\r\n${host()}${auth}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    'a preflight': () => [
      `OPTIONS /api/locations HTTP/1.1\r\n${host()}Origin: https://evil.example\r\nAccess-Control-Request-Method: DELETE\r\n\r\n`,
      403,
    ],
  };
  for (const [name, make] of Object.entries(cases)) {
    it(`are answered with a sentence or cut off: ${name}`, async () => {
      const [bytes, status] = make();
      const text = await send(bytes);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(text, /x-content-type-options: nosniff/i);
      assert.doesNotMatch(text, /access-control-allow/i);
      assert.ok(errorBodySchema.safeParse(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).success, text);
    });
  }

  it('behind a request never get an answer of their own in between', async () => {
    const text = await send('GET / HTTP/1.1\r\nHost: evil.example\r\n\r\nrubbish\r\n\r\n');
    assert.equal(text.split('HTTP/1.1 ').length, 2, text);
  });
});
