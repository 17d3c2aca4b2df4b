import { setTimeout as wait } from 'node:timers/promises';
import type { Api } from '../../src/contract/api.ts';
import type { Task } from '../../src/contract/queue.ts';
import { type Disks, lookAt, type Side, sides } from './disks.ts';
import type { PerformOptions, Recovered } from './mover.ts';
import type { OrderState } from './oracle.ts';
import { type RunningServer, startServer } from './weightroom-server.ts';

/**
 * One restart: a server, which goes on with the queue and reads both locations; then what it says of every task and of
 * every file. It dies by SIGKILL, as it may. A task that was never acknowledged may be unknown to it; then nothing of
 * it may have happened.
 */
export async function restart(orders: readonly OrderState[], options: PerformOptions): Promise<Recovered> {
  const server = await startServer(options);
  try {
    return await server.during(recoverAt(server, orders, options));
  } finally {
    await server.kill();
  }
}

/** The same, of a server that has just been started and stays. */
export async function recoverAt(
  { api, startedMs }: RunningServer,
  orders: readonly OrderState[],
  { disks, retry = false }: PerformOptions,
): Promise<Recovered> {
  const problems: string[] = [];
  await untilIdle(api, startedMs, problems);
  if (retry) {
    await api.retryTasks({});
    await untilIdle(api, startedMs, problems);
  }
  problems.push(...(await indexProblems(api, disks)));
  const { tasks } = await api.queue({ limit: 1_000 });
  const known = tasks.filter(({ state }) => state !== 'planned').sort((x, y) => x.createdMs - y.createdMs);
  const doubled = known.filter(({ id }, n) => known.findIndex((task) => task.id === id) !== n).map(({ id }) => id);
  const asked = orders.filter(({ progress }) => progress !== 'waiting');
  const acknowledged = asked.filter(({ progress }) => progress === 'done');
  if (known.length < acknowledged.length || known.length > asked.length)
    problems.push(`${asked.length} orders, ${acknowledged.length} acknowledged; the queue has ${known.length}`);
  const after = orders.map((state) => afterRestart(state, known[asked.indexOf(state)], problems));
  return { orders: after, problems, doubled };
}

/** The queue has nothing to do, and both locations were read again since the start. */
async function untilIdle(api: Api, startedMs: number, problems: string[]): Promise<void> {
  for (const deadline = performance.now() + 60_000; ; await wait(25)) {
    const { totals } = await api.queue({ limit: 0 });
    const { locations } = await api.listLocations({});
    const isReading = locations.some(({ index }) => index.refreshing || (index.scannedAtMs ?? 0) < startedMs);
    if (totals.running + totals.waiting === 0 && !isReading) return;
    if (performance.now() < deadline) continue;
    problems.push(
      `it stands still after a restart: ${JSON.stringify([locations, (await api.queue({ limit: 3 })).tasks])}`,
    );
    return;
  }
}

const settlesMs = 5_000;

/**
 * I4: the index holds what lies on the disks. A folder that the queue changed while it was being read is read once more,
 * so this may take a moment to come true.
 */
async function indexProblems(api: Api, disks: Disks): Promise<readonly string[]> {
  const seen = lookAt(disks);
  for (const deadline = performance.now() + settlesMs; ; await wait(100)) {
    const problems: string[] = [];
    for (const side of sides) {
      const { entries } = await api.listEntries({ location: side, limit: 1_000 });
      problems.push(...differences(side, new Map(entries.map(({ relPath, size }) => [relPath, size])), seen[side]));
    }
    if (problems.length === 0 || performance.now() > deadline) return problems;
  }
}

function afterRestart(state: OrderState, task: Task | undefined, problems: string[]): OrderState {
  if (state.progress === 'waiting') return state;
  if (task === undefined) return { ...state, progress: state.progress === 'done' ? 'done' : 'waiting' };
  if (task.kind !== state.order.verb) problems.push(`task ${task.id} is a ${task.kind}, not a ${state.order.verb}`);
  if (!['done', 'failed'].includes(task.state)) problems.push(`task ${task.id} is ${task.state} after a restart`);
  if (state.progress === 'done' && task.state !== 'done')
    problems.push(`task ${task.id} was done, and is ${task.state} after a restart`);
  return { ...state, progress: task.state === 'done' ? 'done' : state.progress };
}

/** Unfinished files, which the index leaves out, are looked for elsewhere. */
function differences(
  side: Side,
  index: ReadonlyMap<string, number>,
  disk: ReadonlyMap<string, { readonly size: number }>,
): readonly string[] {
  return [...new Set([...index.keys(), ...disk.keys()])]
    .filter((relPath) => index.get(relPath) !== disk.get(relPath)?.size && !relPath.endsWith('.part'))
    .map((relPath) => `${side}/${relPath}: ${index.get(relPath)} in the index, ${disk.get(relPath)?.size} on disk`);
}
