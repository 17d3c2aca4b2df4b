import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startTestServer, type TestServer, token } from './server-fixture.ts';
import { stubHandlers } from './stub-handlers.ts';

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** A real browser, logged in to the program, visits hostile pages: on another site, on another port, and rebound. */
describe('a real browser', { skip: browserPath === undefined && 'no Chromium on this machine' }, () => {
  const calls: string[] = [];
  let test: TestServer;
  let hostile: Server;
  let unguarded: Server;
  let browser: Browser;
  let page: Page;
  let evil: string;
  let naive: string;
  const naiveRequests: string[] = [];

  before(async () => {
    const recording = Object.fromEntries(
      Object.entries(stubHandlers).map(([name, handler]) => [
        name,
        (input: never) => {
          calls.push(name);
          return handler(input);
        },
      ]),
    ) as typeof stubHandlers;
    test = await startTestServer({ handlers: recording });
    hostile = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>hostile</title><link rel="icon" href="data:,"><body></body>');
    }).listen(0, '127.0.0.1');
    unguarded = createServer((request, response) => {
      naiveRequests.push(`${request.method} ${request.url}`);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    unguarded.on('upgrade', (request, socket) => {
      naiveRequests.push(`${request.method} ${request.url}`);
      socket.destroy();
    });
    await Promise.all([once(hostile, 'listening'), once(unguarded, 'listening')]);
    evil = `http://evil.test:${portOf(hostile)}`;
    naive = `http://127.0.0.1:${portOf(unguarded)}`;
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--host-resolver-rules=MAP evil.test 127.0.0.1, MAP rebound.test 127.0.0.1',
      ],
    });
    page = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await browser?.close();
    hostile?.close();
    unguarded?.close();
    await test?.[Symbol.asyncDispose]();
  });

  it('lets the program’s own page log in, read, change and listen, under its content policy', async () => {
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    for (const name of ['127.0.0.1', 'localhost']) {
      await page.goto(`http://${name}:${test.server.port}/sync#token=${token}`);
      const seen = await page.evaluate(async (secret) => {
        const json = { 'content-type': 'application/json' };
        const session = await fetch('/api/session', {
          method: 'POST',
          headers: json,
          body: JSON.stringify({ token: secret }),
        });
        const read = await fetch('/api/locations');
        const change = await fetch('/api/index/refresh', { method: 'POST', headers: json, body: '{}' });
        const remove = await fetch('/api/locations/local', { method: 'DELETE' });
        const first = await new Promise((resolve, reject) => {
          const socket = new WebSocket(`ws://${location.host}/api/events`);
          socket.onmessage = (message) => resolve(JSON.parse(message.data).type);
          socket.onerror = reject;
        });
        return [session.status, read.status, change.status, remove.status, first, document.cookie];
      }, token);
      assert.deepEqual(seen, [200, 200, 200, 200, 'reset', '']);
    }
    const docs = await page.goto(`${test.server.url}/api/docs`);
    assert.equal(docs?.status(), 200);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('main')!).maxWidth), 'none');
    assert.deepEqual(problems, []);
  });

  it('runs nothing that came into the program’s own page as text', async () => {
    const index = join(test.webRoot, 'index.html');
    const original = await readFile(index, 'utf8');
    const hostileText = '<script>window.wasRun = 1</script><img src="data:," onerror="window.wasRun = 2">';
    await writeFile(index, `${original}<style>body { width: 77px }</style>${hostileText}`);
    await page.goto(test.server.url);
    const seen = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<b>text</b>';
        return 'not guarded';
      } catch {
        return ['wasRun' in window, getComputedStyle(document.body).width === '77px'];
      }
    });
    await writeFile(index, original);
    assert.deepEqual(seen, [false, false]);
  });

  /** Runs on a hostile page; true when it got anything out of the program. */
  const attacks: Record<string, (target: string) => Promise<boolean>> = {
    'reads with fetch': (target) =>
      fetch(`${target}/api/locations`, { credentials: 'include' }).then(
        (answer) => answer.ok,
        () => false,
      ),
    'reads without asking': async (target) => {
      await fetch(`${target}/api/locations`, { mode: 'no-cors', credentials: 'include' }).catch(() => {});
      return false;
    },
    'changes with JSON': (target) =>
      fetch(`${target}/api/index/refresh`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }).then(
        (answer) => answer.ok,
        () => false,
      ),
    'changes with JSON disguised as text': async (target) => {
      await fetch(`${target}/api/index/refresh`, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        body: '{}',
      }).catch(() => {});
      return false;
    },
    'changes with a beacon': async (target) => {
      navigator.sendBeacon(`${target}/api/index/refresh`, '{}');
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    },
    removes: (target) =>
      fetch(`${target}/api/locations/local`, { method: 'DELETE', credentials: 'include' }).then(
        (answer) => answer.ok,
        () => false,
      ),
    'posts a form': async (target) => {
      const frame = document.createElement('iframe');
      frame.name = 'sink';
      const form = document.createElement('form');
      Object.assign(form, {
        action: `${target}/api/index/refresh`,
        method: 'post',
        enctype: 'text/plain',
        target: 'sink',
      });
      document.body.append(frame, form);
      form.submit();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    },
    'listens to events': (target) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${target.replace('http', 'ws')}/api/events`);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
    'includes a file as script': (target) =>
      new Promise((resolve) => {
        const script = document.createElement('script');
        script.src = `${target}/assets/index-Ab12Cd34.js`;
        script.type = 'module';
        script.onload = () => resolve(true);
        script.onerror = () => resolve(false);
        document.head.append(script);
      }),
    'embeds the page': (target) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = target;
        frame.addEventListener('load', () => resolve(frame.contentDocument?.title === 'Weightroom'));
        document.body.append(frame);
      }),
  };

  const places: Record<string, () => string> = {
    'another site': () => evil,
    'another port of this machine': () => evil.replace('evil.test', '127.0.0.1'),
    'another port, by name': () => evil.replace('evil.test', 'localhost'),
  };
  for (const [place, originOf] of Object.entries(places)) {
    for (const [name, attack] of Object.entries(attacks)) {
      it(`gives a page on ${place} nothing when it ${name}`, async () => {
        const runAgainst = async (target: string) => {
          await page.goto(originOf());
          return page.evaluate(`(${attack})(${JSON.stringify(target)})`);
        };
        naiveRequests.length = 0;
        await runAgainst(naive);
        assert.notEqual(naiveRequests.length, 0, 'the attack reaches a server without a guard');
        calls.length = 0;
        for (const name of ['127.0.0.1', 'localhost']) {
          assert.equal(await runAgainst(test.server.url.replace('127.0.0.1', name)), false);
        }
        assert.deepEqual(calls, []);
      });
    }
  }

  it('gets no page, no file and no operation under a rebound name', async () => {
    calls.length = 0;
    const rebound = test.server.url.replace('127.0.0.1', 'rebound.test');
    for (const path of ['/', '/assets/index-Ab12Cd34.js', '/api/health', '/api/locations']) {
      const answer = await page.goto(rebound + path);
      assert.equal(answer?.status(), 403, path);
      const inside = await page.evaluate(() => fetch('/api/locations').then((again) => again.status));
      assert.equal(inside, 403);
    }
    assert.deepEqual(calls, []);
  });

  it('is asked to type the address when it follows a link from elsewhere', async () => {
    await page.goto(evil);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().startsWith(test.server.url)),
      page.evaluate((target) => {
        location.href = target;
      }, `${test.server.url}/`),
    ]);
    assert.equal(answer.status(), 403);
  });
});
