// Loaded into the server before its own code (NODE_OPTIONS=--import). Notes whenever the event loop was held for long,
// how much of that time this thread was on a processor, and writes the list when the process ends.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const everyMs = 2;
const notedFromMs = 10;

if (isMainThread && process.env.BENCH_LOOP_REPORT) {
  const file = process.env.BENCH_LOOP_REPORT;
  // Processes that the server starts are not watched.
  delete process.env.BENCH_LOOP_REPORT;
  delete process.env.NODE_OPTIONS;
  const held = [];
  let last = performance.now();
  let lastCpu = threadCpuMs();
  setInterval(() => {
    const now = performance.now();
    const cpu = threadCpuMs();
    const ms = now - last - everyMs;
    if (ms >= notedFromMs) held.push({ atMs: performance.timeOrigin + last, ms, cpuMs: cpu - lastCpu });
    last = now;
    lastCpu = cpu;
  }, everyMs).unref();
  process.on('exit', () => writeFileSync(file, JSON.stringify(held)));
}

function threadCpuMs() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
