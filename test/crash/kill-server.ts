import { setTimeout as wait } from 'node:timers/promises';
import type { Api } from '../../src/contract/api.ts';
import type { Task } from '../../src/contract/queue.ts';
import { type Chance, makeChance } from './chance.ts';
import { type Disks, lookAt, type SeenFile, type Side, sides } from './disks.ts';
import type { KillOptions } from './kill-at-random.ts';
import type { Recovered } from './mover.ts';
import { type Findings, isEmpty, judge, noFindings, type Order, type OrderState, union } from './oracle.ts';
import { plainDisks } from './plain-disks.ts';
import { makeProcessGroups } from './process-group.ts';
import { addCycle, emptyTally, type Tally } from './tally.ts';
import { withUndoing } from './undoing.ts';
import { recoverAt } from './weightroom-restart.ts';
import { type RunningServer, startServer } from './weightroom-server.ts';
import { writeWorkload } from './workload.ts';

const size = { files: 6, maxBytes: 6_000_000 };
const ordersOfOneCycle = 3;
/** So many cycles use the same app data and the same disks, which fill up meanwhile. */
const cyclesOfOneLife = 20;

type Asked = { readonly order: Order; progress: OrderState['progress'] };

interface Life {
  readonly disks: Disks;
  readonly chance: Chance;
  readonly orders: OrderState[];
  /** Every file as it was first written. */
  readonly before: Readonly<Record<Side, Map<string, SeenFile>>>;
  server: RunningServer;
  /** How long the orders of a cycle take when nobody kills the server, in ms, with room; null until one was let through. */
  span: number | null;
}

/**
 * kill -9 of a server's whole process tree while its queue has work, at a random moment from the first request on; a
 * quarter of the restarts are killed too. The server that went on with the queue takes the next orders.
 */
export async function killServer({ seed, cycles }: Omit<KillOptions, 'mover'>): Promise<Tally> {
  const chance = makeChance(seed);
  let tally = emptyTally;
  let span: number | null = null;
  for (let lives = 0; tally.cycles < cycles && lives < cycles; lives += 1) {
    await withUndoing(async (undoing) => {
      const disks = await plainDisks(undoing);
      const server = await startServer({ disks, groups: makeProcessGroups() });
      const life: Life = { disks, chance, orders: [], before: { local: new Map(), lake: new Map() }, server, span };
      try {
        for (let n = 0; n < cyclesOfOneLife && tally.cycles < cycles; n += 1) {
          const { hit, findings } = await oneCycle(life, n);
          if (hit || !isEmpty(findings)) tally = addCycle(tally, findings, `seed ${seed}, life ${lives}.${n}`);
          // What is wrong once stays wrong and would be counted again.
          if (!isEmpty(findings)) break;
        }
      } finally {
        await life.server.kill();
      }
      span = life.span;
    });
  }
  return tally;
}

async function oneCycle(life: Life, n: number): Promise<{ readonly hit: boolean; readonly findings: Findings }> {
  const { disks, chance, orders, before } = life;
  const verbs = ['copy', 'move', 'delete', 'mirror'] as const;
  const asked = Array.from({ length: ordersOfOneCycle }, (_, k) =>
    writeWorkload(disks, chance.pick(verbs), `w${n}-${k}`, chance, size),
  );
  const written = lookAt(disks);
  for (const side of sides) {
    for (const [relPath, seen] of written[side]) if (relPath.startsWith(`w${n}-`)) before[side].set(relPath, seen);
  }
  await life.server.during(life.server.api.refreshIndex({ wait: true }));
  const states = await askAndKill(life, asked);
  orders.push(...states);
  const hit = states.some(({ progress }) => progress === 'begun');
  const { lost, partial, overwritten, undone } = judge(before, lookAt(disks), orders);
  const findings = union({ ...noFindings(), lost, partial, overwritten, undone }, await restartAndJudge(life));
  return { hit, findings };
}

/** An order is done once the server says that its task ended well, before it dies. */
async function askAndKill(life: Life, asked: readonly Order[]): Promise<readonly OrderState[]> {
  const { server, chance, span } = life;
  const states = asked.map((order): Asked => ({ order, progress: 'waiting' }));
  let isDead = false;
  const kill = (): Promise<void> => {
    isDead = true;
    return server.kill();
  };
  const killing = span === null ? null : wait(chance.next() * span).then(kill);
  const began = performance.now();
  try {
    await server.during(carryOut(server.api, states));
    life.span = (performance.now() - began) * 1.1;
  } catch (error) {
    if (!isDead) throw error;
  }
  await (killing ?? kill());
  return states.map((state) => ({ ...state }));
}

/** Orders are asked for one after the other, and waited for side by side. */
async function carryOut(api: Api, states: readonly Asked[]): Promise<void> {
  const waiting: Promise<void>[] = [];
  for (const state of states) {
    state.progress = 'begun';
    const { id } = await ask(api, state.order);
    const ended = api.waitForTask({ id }).then(({ task, skipped }) => {
      if (task.state === 'done' && skipped.length === 0) state.progress = 'done';
    });
    // Those that nobody waits for any more, because a later request failed.
    ended.catch(() => {});
    waiting.push(ended);
  }
  await Promise.all(waiting);
}

async function ask(api: Api, { verb, relPaths, folder }: Order): Promise<Task> {
  const [srcSide, dstSide] = ['local', 'lake'];
  if (verb === 'mirror') {
    const deletes = { srcSide, srcRelFolder: folder ?? '', dstSide, deleteExtras: true };
    const { planId, plan } = await api.planMirror(deletes);
    return api.executeMirror({ planId, ...(plan.confirm === null ? {} : { confirm: plan.confirm }) });
  }
  const files = [...relPaths];
  const { task } =
    verb === 'delete'
      ? await api.queueDelete({ side: dstSide, relPaths: files })
      : await api[verb === 'move' ? 'queueMove' : 'queueCopy']({ srcSide, srcRelPaths: files, dstSide });
  if (task === null) throw new Error(`${verb}: the server found nothing to do`);
  return task;
}

async function restartAndJudge(life: Life): Promise<Findings> {
  const { disks, chance, orders, before } = life;
  if (chance.next() < 0.25) await killTheRestart(life);
  const options = { disks, groups: makeProcessGroups() };
  life.server = await startServer(options);
  const recovered: Recovered = await life.server.during(recoverAt(life.server, orders, options));
  orders.splice(0, orders.length, ...recovered.orders);
  const findings = union(judge(before, lookAt(disks), orders));
  for (const problem of recovered.problems) findings.other.add(problem);
  for (const id of recovered.doubled) findings.doubled.add(id);
  return findings;
}

/** A restart that dies too, after anything between nothing and most of it. */
async function killTheRestart({ disks, chance }: Life): Promise<void> {
  const groups = makeProcessGroups();
  const timer = setTimeout(() => groups.kill(), chance.next() * 900);
  try {
    const server = await startServer({ disks, groups });
    await server.during(new Promise<never>(() => {}));
  } catch (error) {
    if (!groups.isKilled) throw error;
  } finally {
    clearTimeout(timer);
  }
}
