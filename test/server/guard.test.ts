import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxUrlLength, ownHosts, type RequestFacts, refusalOf } from '../../src/server/security/guard.ts';

const port = 8765;

function facts(overrides: Partial<RequestFacts> = {}, headers: RequestFacts['headers'] = {}): RequestFacts {
  return { method: 'GET', url: '/api/index', port, ...overrides, headers: { host: [`localhost:${port}`], ...headers } };
}

const json = { 'content-type': ['application/json'] };

describe('the guard lets through', () => {
  const cases: Record<string, RequestFacts> = {
    'a program without a browser': facts(),
    'the IPv4 address': facts({}, { host: [`127.0.0.1:${port}`] }),
    'the IPv6 address': facts({}, { host: [`[::1]:${port}`] }),
    'its own page': facts({}, { origin: [`http://localhost:${port}`], 'sec-fetch-site': ['same-origin'] }),
    'a typed address': facts({ url: '/' }, { 'sec-fetch-site': ['none'] }),
    'a change sent as JSON': facts({ method: 'POST' }, json),
    'a change sent as JSON with a charset': facts(
      { method: 'PATCH' },
      { 'content-type': ['Application/JSON; charset=utf-8'] },
    ),
    'a removal without a body': facts({ method: 'DELETE' }),
    'port 80, which browsers leave out': facts({ port: 80 }, { host: ['localhost'] }),
    'an encoded path': facts({ url: '/api/entries/local%3Aloras%2Fa%20b' }),
    'the longest address': facts({ url: `/${'a'.repeat(maxUrlLength - 1)}` }),
  };
  for (const [name, request] of Object.entries(cases)) {
    it(name, () => assert.equal(refusalOf(request), null));
  }
});

describe('the guard refuses', () => {
  const cases: Record<string, [RequestFacts, string?]> = {
    'a rebinding page, which sends no Origin': [facts({}, { host: [`evil.example:${port}`] })],
    'another port': [facts({}, { host: ['localhost:80'] })],
    'no port': [facts({}, { host: ['localhost'] })],
    'a name that only starts like ours': [facts({}, { host: [`localhost.evil.example:${port}`] })],
    'a trailing dot': [facts({}, { host: [`localhost.:${port}`] })],
    'credentials in Host': [facts({}, { host: [`localhost@evil:${port}`] })],
    'no Host': [facts({}, { host: undefined })],
    'an empty Host': [facts({}, { host: [''] })],
    'two Hosts': [facts({}, { host: [`localhost:${port}`, `localhost:${port}`] })],
    'all interfaces': [facts({}, { host: [`0.0.0.0:${port}`] })],
    'a foreign Origin': [facts({}, { origin: ['https://evil.example'] })],
    'another port of this machine': [facts({}, { origin: ['http://localhost:8188'] })],
    'our name over TLS': [facts({}, { origin: [`https://localhost:${port}`] })],
    'a sandboxed page': [facts({}, { origin: ['null'] })],
    'one of our names calling another': [facts({}, { origin: [`http://127.0.0.1:${port}`] })],
    'two Origins': [facts({}, { origin: [`http://localhost:${port}`, 'https://evil.example'] })],
    'a page of another site': [facts({}, { 'sec-fetch-site': ['cross-site'] })],
    'a page of the same site, another port': [facts({}, { 'sec-fetch-site': ['same-site'] })],
    'a link on another site': [
      facts({ url: '/' }, { 'sec-fetch-site': ['cross-site'], 'sec-fetch-mode': ['navigate'] }),
    ],
    'a form': [facts({ method: 'POST' }, { 'content-type': ['application/x-www-form-urlencoded'] })],
    'an upload form': [facts({ method: 'POST' }, { 'content-type': ['multipart/form-data; boundary=x'] })],
    'JSON disguised as text': [facts({ method: 'POST' }, { 'content-type': ['text/plain; application/json'] })],
    'a list of types': [facts({ method: 'POST' }, { 'content-type': ['application/json, text/plain'] })],
    'two types': [facts({ method: 'POST' }, { 'content-type': ['application/json', 'text/plain'] })],
    'a change without a type': [facts({ method: 'POST' })],
    'a removal that carries text': [facts({ method: 'DELETE' }, { 'content-type': ['text/plain'] })],
    'a preflight': [facts({ method: 'OPTIONS' }, { ...json, origin: [`http://localhost:${port}`] })],
    'other methods': [facts({ method: 'PUT' }, json)],
    TRACE: [facts({ method: 'TRACE' })],
    'an address of a proxy': [facts({ url: 'http://evil.example/' }), 'INVALID_INPUT'],
    'an asterisk': [facts({ url: '*' }), 'INVALID_INPUT'],
    'broken encoding': [facts({ url: '/%E0%A4%A' }), 'INVALID_INPUT'],
    'a NUL': [facts({ url: '/index.html%00.png' }), 'INVALID_INPUT'],
    'a very long address': [facts({ url: `/${'a'.repeat(maxUrlLength)}` }), 'REQUEST_TOO_LARGE'],
  };
  for (const [name, [request, code = 'FORBIDDEN']] of Object.entries(cases)) {
    it(name, () => assert.equal(refusalOf(request)?.code, code));
  }

  it('every Host that is not exactly one of its own', () => {
    const near = fc.constantFrom(
      'localhost',
      '127.0.0.1',
      '[::1]',
      `:${port}`,
      '.',
      '@',
      ' ',
      '0x7f.1',
      '127.1',
      'evil.example',
    );
    const host = fc.oneof(
      fc.string(),
      fc.array(near, { maxLength: 4 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(host, (value) => {
        assert.equal(refusalOf(facts({}, { host: [value] })) === null, ownHosts(port).includes(value));
      }),
      { numRuns: 2_000 },
    );
  });
});
