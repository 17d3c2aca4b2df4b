import { setTimeout as delay } from 'node:timers/promises';
import { atMost, holds } from '../measure/bars.mjs';
import { requireEqual } from '../measure/race.mjs';
import { median, percentile } from '../measure/statistics.mjs';
import { startServer } from '../weightroom.mjs';

/** Between two keys of a quick typist. */
const textPauseMs = 600;
const keyPauseMs = 170;

const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Rows 24 to 26: the compare page in a real browser, over all rows of both sides. */
export async function page(bench, row) {
  const { chromium } = await import('playwright-core');
  const { library } = bench;
  const server = await startServer({ appData: await bench.hashedAppData(), local: library.local, lake: library.lake });
  const browser = await chromium.launch({ executablePath: bench.peers.chromium.path, args: browserArguments });
  try {
    await server.settled();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await (await openPage(context, server.url)).close();
    const address = `${server.origin}/sync?show=all`;
    return await { 24: keystrokes, 25: firstRows, 26: scrolling }[row]({ bench, server, context, address });
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function openPage(context, address) {
  const page = await context.newPage();
  await page.addInitScript(watchFrames);
  await page.goto(address);
  await untilRowsArePainted(page);
  return page;
}

/** Milliseconds from the start of the navigation. */
async function untilRowsArePainted(page) {
  await page.waitForFunction(() => globalThis.bench.firstRowsMs !== null, undefined, { timeout: 60_000 });
  return page.evaluate(() => globalThis.bench.firstRowsMs);
}

/** Runs in the page: looks at every frame what the grid shows, just after it was painted. */
function watchFrames() {
  const bench = { firstRowsMs: null, frames: [], keys: [], isRecording: false };
  globalThis.bench = bench;
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data: frameAt }) => {
    const now = performance.now();
    const grid = document.querySelector('[role=grid]');
    const rows = grid?.querySelectorAll('[role=rowgroup] [role=row]:not([aria-busy])').length ?? 0;
    if (rows > 10) bench.firstRowsMs ??= now;
    if (bench.isRecording) {
      const isWhole = grid?.querySelector('[role=row][aria-busy]') === null;
      bench.frames.push({
        frameAt,
        at: now,
        rows,
        total: isWhole ? Number(grid.getAttribute('aria-rowcount')) - 1 : null,
      });
    }
  };
  const onFrame = (frameAt) => {
    channel.port2.postMessage(frameAt);
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  addEventListener('keydown', (event) => bench.keys.push(event.timeStamp), { capture: true });
}

/** In a tab that shows something else of the same server before, as after a click on a bookmark. */
async function firstRows({ bench, server, context, address }) {
  const opened = await openPage(context, address);
  await requireAllRows(opened, server);
  const samples = [];
  for (let round = 0; round < Math.max(5, bench.rounds); round += 1) {
    await opened.goto(`${server.origin}/api/health`);
    await opened.goto(address);
    samples.push({ ms: await untilRowsArePainted(opened) });
  }
  const ms = median(samples.map((sample) => sample.ms));
  return {
    results: [{ name: 'address → first rows painted', isOurs: true, samples }],
    bars: [atMost('must', 250, 'ms', ms), atMost('aim', 160, 'ms', ms)],
  };
}

async function requireAllRows(opened, server) {
  const { total } = await server.get('/api/diff', { limit: 0 });
  const shown = await opened.getByRole('grid').getAttribute('aria-rowcount');
  requireEqual('rows of the page', Number(shown) - 1, total);
}

const typedTexts = [
  ...['flux lora', 'detail tweaker', 'wan2.1 turbo', 'epoch noir', 'checkpoint pony', 'sdxl vae', 'hunyuan video'],
  ...['portrait style', 'gguf q8', 'ltx video', 'anime lora', 'clip vision', 'schnell fp8', 'control depth', 'turbo'],
  ...['civitai pony', 'upscale x4', 'realistic skin', 'noobai xl', 'lumina two', 'kontext dev', 'film grain'],
];

/** Types text after text into one page, and finds, for each key, the first frame that shows the rows of the text so far. */
async function keystrokes({ bench, server, context, address }) {
  const samples = [];
  const opened = await openPage(context, address);
  const box = opened.getByLabel('Search both sides');
  for (const text of bench.isQuick ? typedTexts.slice(0, 1) : typedTexts) {
    await box.fill('');
    await delay(textPauseMs);
    await box.focus();
    await opened.evaluate(() => {
      Object.assign(globalThis.bench, { frames: [], keys: [], isRecording: true });
    });
    for (const key of text) {
      await opened.keyboard.press(key === ' ' ? 'Space' : key);
      await delay(keyPauseMs);
    }
    const { frames, keys } = await opened.evaluate(() => {
      globalThis.bench.isRecording = false;
      return globalThis.bench;
    });
    let before = null;
    for (const [k, pressedAt] of keys.entries()) {
      const { total } = await server.get('/api/diff', {
        query: text.slice(0, k + 1).trim(),
        limit: 0,
        sort: 'relevance',
      });
      // The same number of rows as before cannot tell when they were painted.
      const frame =
        total === before ? undefined : frames.find(({ at, total: shown }) => at > pressedAt && shown === total);
      if (frame) samples.push({ ms: frame.at - pressedAt, typed: text.slice(0, k + 1) });
      before = total;
    }
  }
  const p99 = percentile(
    samples.map(({ ms }) => ms),
    0.99,
  );
  const slowest = samples.toSorted((x, y) => y.ms - x.ms).slice(0, 3);
  const remark = `${samples.length} keys, p99 ${p99.toFixed(0)} ms; slowest: ${slowest
    .map(({ typed, ms }) => `“${typed}” ${ms.toFixed(0)} ms`)
    .join(', ')}`;
  return {
    results: [{ name: 'key → rows painted', isOurs: true, samples, remark }],
    bars: [atMost('must', 50, 'ms', p99, 'p99 '), atMost('aim', 33, 'ms', p99, 'p99 ')],
  };
}

/** Turns the wheel for some seconds and looks at the time between frames. */
async function scrolling({ bench, context, address }) {
  const opened = await openPage(context, address);
  await opened.mouse.move(700, 500);
  await delay(500);
  await opened.evaluate(() => Object.assign(globalThis.bench, { frames: [], isRecording: true }));
  const endsAt = performance.now() + (bench.isQuick ? 2000 : 6000);
  while (performance.now() < endsAt) {
    await opened.mouse.wheel(0, 600);
    await delay(16);
  }
  const { frames } = await opened.evaluate(() => globalThis.bench);
  const gaps = frames.slice(1).map(({ frameAt }, k) => ({ ms: frameAt - frames[k].frameAt }));
  const times = gaps.map(({ ms }) => ms);
  const p95 = percentile(times, 0.95);
  const slow = times.filter((ms) => ms > 50).length;
  const empty = frames.filter(({ rows }) => rows === 0).length;
  return {
    results: [
      {
        name: 'time between frames while scrolling',
        isOurs: true,
        samples: gaps,
        remark: `${gaps.length} frames, p95 ${p95.toFixed(1)} ms, ${slow} over 50 ms, ${empty} without a loaded row`,
      },
    ],
    bars: [atMost('must', 20, 'ms', p95, 'p95 '), holds('must', 'no frame > 50 ms', `${slow}`, slow === 0)],
  };
}
