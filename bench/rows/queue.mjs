import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atMost, medianMs } from '../measure/bars.mjs';
import { memoryOfTree } from '../measure/process-tree.mjs';
import { requireEqual } from '../measure/race.mjs';
import { median } from '../measure/statistics.mjs';
import { runFolder } from '../run-folder.mjs';
import { dropAppData, freshAppData, runWeightroom, startServer } from '../weightroom.mjs';
import { allocatedBelow, withTarget } from './with-target.mjs';

/** A queue of 100,000 files: how long it takes to enter, what it costs to keep, and how fast its list answers. */
export async function longQueue(bench) {
  const { local: root } = bench.library;
  return withTarget(bench, root, async (_target, server) => {
    await server.post('/api/queue/pause', {});
    const idle = memoryOfTree(server.pid);
    const entering = await server.measure(() =>
      server.post('/api/queue/copy', { srcSide: 'local', srcRelPath: '', dstSide: 'lake', verify: 'source' }),
    );
    const { task } = entering.answer;
    const asked = [];
    for (let k = 0; k < 200; k += 1) {
      const from = performance.now();
      if (k % 2 === 0) await server.get('/api/queue');
      else
        await server.get(`/api/queue/tasks/${task.id}/steps`, {
          fromN: String((k * 997) % task.total.files),
          limit: '200',
        });
      asked.push(performance.now() - from);
    }
    asked.sort((x, y) => x - y);
    await server.post('/api/queue/cancel', { all: true });
    const result = {
      name: `${task.total.files.toLocaleString('en')} files in one request`,
      isOurs: true,
      samples: [{ ms: entering.ms, cpuMs: entering.cpuMs, peakMiB: entering.peakMiB }],
      remark: `idle ${idle.toFixed(0)} MiB; lists answer in ${median(asked).toFixed(1)} ms, p95 ${asked[Math.floor(asked.length * 0.95)].toFixed(1)} ms`,
    };
    return { results: [result], bars: [] };
  });
}

/** A mirror of 2 × 100,000 entries, extras deleted, planned from the index and stored. */
export async function planMirror(bench) {
  const { local, lake, truth } = bench.pairOf(100_000);
  const appData = freshAppData();
  try {
    await runWeightroom(['diff', '--hash'], { appData, local, lake });
    const server = await startServer({ appData, local, lake, mayDelete: true });
    try {
      await server.settled();
      await server.get('/api/diff', { limit: 0 });
      const samples = [];
      for (let round = 0; round < Math.max(3, bench.rounds); round += 1) {
        const { answer, ...sample } = await server.measure(() =>
          server.post('/api/mirror/plan', { srcSide: 'local', dstSide: 'lake', deleteExtras: true }),
        );
        const { copy, skipped, conflicts } = answer.summary;
        const { 'only-a': missing, conflict, 'case-clash': clash } = truth.compareByContent;
        requireEqual('files that the plan copies', copy.files + skipped.files, missing.files);
        requireEqual('conflicts of the plan', conflicts.files, conflict.files + (clash?.files ?? 0));
        samples.push(sample);
      }
      const result = { name: 'POST /api/mirror/plan, 2 × 100,000 files', isOurs: true, samples };
      return { results: [result], bars: [atMost('must', 1_000, 'ms', medianMs(result))] };
    } finally {
      await server.stop();
    }
  } finally {
    dropAppData(appData);
  }
}

const growsFor = 400;

/** Two large files under way: how long pause and cancel take to answer, and until nothing is written any more. */
export async function stopCopy(bench) {
  const { root } = bench.bigFiles;
  return withTarget(bench, root, async (target, server) => {
    const times = { pause: [], paused: [], cancel: [] };
    for (let round = 0; round < Math.max(5, bench.rounds); round += 1) {
      await target.empty();
      const { task } = await server.post('/api/queue/copy', { srcSide: 'local', srcRelPath: '', dstSide: 'lake' });
      for (const until = performance.now() + 10_000; performance.now() < until; await delay(5)) {
        if (allocatedBelow(target.folder) > 0) break;
      }
      await delay(100);
      const growth = watchGrowth(target.folder);
      const pausedAt = performance.now();
      await server.post('/api/queue/pause', {});
      times.pause.push({ ms: performance.now() - pausedAt });
      await delay(growsFor);
      times.paused.push({ ms: Math.max(0, growth.stop() - pausedAt) });
      await server.post('/api/queue/resume', {});
      await delay(50);
      const cancelledAt = performance.now();
      await server.post('/api/queue/cancel', { ids: [task.id] });
      times.cancel.push({ ms: performance.now() - cancelledAt });
      const { task: last } = await server.post(`/api/queue/tasks/${task.id}/wait`, {});
      requireEqual('state of the task', last.state, 'cancelled');
    }
    const result = (name, samples) => ({ name, isOurs: true, samples });
    const worst = (samples) => Math.max(...samples.map(({ ms }) => ms));
    return {
      results: [
        result('POST /api/queue/pause → answer', times.pause),
        result('POST /api/queue/pause → last write', times.paused),
        result('POST /api/queue/cancel → answer', times.cancel),
      ],
      bars: [
        atMost('must', 500, 'ms', worst([...times.pause, ...times.paused]), 'pause '),
        atMost('must', 2_000, 'ms', worst(times.cancel), 'cancel '),
      ],
    };
  });
}

/** When the folder was last seen to grow, looked at every five milliseconds. */
function watchGrowth(folder) {
  let size = 0;
  let grewAt = 0;
  const look = () => {
    const now = allocatedBelow(folder);
    if (now !== size) grewAt = performance.now();
    size = now;
  };
  const timer = setInterval(look, 5);
  return {
    stop() {
      clearInterval(timer);
      look();
      return grewAt;
    },
  };
}

const journalFiles = 20_000;
/** As many as the queue begins at once. */
const batchFiles = 256;

/** What the journal alone costs for each file that is carried out: begun, and done, in batches as the queue makes them. */
export async function journalCost(bench) {
  const { createThreadedJournal } = await import('../../src/platform/sqlite/threaded-journal.ts');
  const { journalSteps, journalTask } = await import('../../test/support/journal-rows.ts');
  const task = journalTask('aaaaaaaa', { state: 'running' });
  const samples = [];
  let bytes = 0;
  for (let round = 0; round < bench.rounds; round += 1) {
    const file = join(runFolder, `journal-${round}.db`);
    const entry = join(import.meta.dirname, '..', '..', 'dist', 'journal-thread.js');
    const journal = createThreadedJournal({ entry, file });
    const steps = journalSteps(journalFiles);
    await journal.addTask(task, steps);
    const from = performance.now();
    let ended = [];
    for (let n = 0; n <= journalFiles; n += batchFiles) {
      const batch = steps.slice(n, n + batchFiles);
      const changes = [
        ...ended.map((step) => ({ ...step, state: 'done', way: 'stream' })),
        ...batch.map((step) => ({ ...step, state: 'running' })),
      ];
      await journal.saveSteps(task, changes);
      ended = batch;
    }
    samples.push({ ms: performance.now() - from });
    await journal.close();
    bytes = statSync(file).size;
    rmSync(file);
  }
  const result = { name: `${journalFiles.toLocaleString('en')} files begun and done`, isOurs: true, samples };
  const perFile = (medianMs(result) * 1000) / journalFiles;
  result.remark = `${perFile.toFixed(0)} µs and ${(bytes / journalFiles).toFixed(0)} bytes a file`;
  return { results: [result], bars: [] };
}
