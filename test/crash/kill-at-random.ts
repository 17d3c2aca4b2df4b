import fs, { type FSWatcher } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Chance, makeChance } from './chance.ts';
import { type Disks, lookAt, type SeenFile, type Side, sides } from './disks.ts';
import type { Mover } from './mover.ts';
import { type Findings, isEmpty, judge, noFindings, type Order, type OrderState, union } from './oracle.ts';
import { plainDisks } from './plain-disks.ts';
import { KilledError, makeProcessGroups } from './process-group.ts';
import { addCycle, emptyTally, type Tally } from './tally.ts';
import { withUndoing } from './undoing.ts';
import { writeWorkload } from './workload.ts';

export interface KillOptions {
  readonly mover: Mover;
  readonly seed: number;
  /** Kills that hit a running program. */
  readonly cycles: number;
}

const size = { files: 7, maxBytes: 6_000_000 };
/** So many cycles use the same app data and the same disks, which fill up meanwhile. */
const cyclesOfOneLife = 10;

/** kill -9 of the whole process tree at random moments of all verbs, some of them again while it restarts. */
export async function killAtRandom({ mover, seed, cycles }: KillOptions): Promise<Tally> {
  const chance = makeChance(seed);
  const spans = new Map<string, number>();
  let tally = emptyTally;
  for (let lives = 0; tally.cycles < cycles && lives < cycles; lives += 1) {
    await withUndoing(async (undoing) => {
      const disks = await plainDisks(undoing);
      const life: Life = { mover, disks, chance, spans, orders: [], before: { local: new Map(), lake: new Map() } };
      for (let n = 0; n < cyclesOfOneLife && tally.cycles < cycles; n += 1) {
        const { hit, findings, verb } = await oneCycle(life, n);
        if (hit || !isEmpty(findings)) tally = addCycle(tally, findings, `seed ${seed}, life ${lives}.${n}, ${verb}`);
        // What is wrong once stays wrong and would be counted again.
        if (!isEmpty(findings)) break;
      }
    });
  }
  return tally;
}

interface Life {
  readonly mover: Mover;
  readonly disks: Disks;
  readonly chance: Chance;
  /** How long each verb works on files when nobody kills it, in ms. */
  readonly spans: Map<string, number>;
  /** All that were asked for. */
  readonly orders: OrderState[];
  /** Every file as it was first written. */
  readonly before: Readonly<Record<Side, Map<string, SeenFile>>>;
}

/** Half of the kills are followed by the next order at once, the others by a restart that has more to go on with. */
async function oneCycle(life: Life, n: number) {
  const { mover, disks, chance, spans, orders, before } = life;
  const verb = chance.pick(mover.verbs);
  const order = writeWorkload(disks, verb, `w${n}`, chance, size);
  const written = lookAt(disks);
  for (const side of sides) {
    for (const [relPath, seen] of written[side]) if (relPath.startsWith(`w${n}/`)) before[side].set(relPath, seen);
  }
  const { hit, ended } = await performAndKill(life, order, spans.has(verb));
  orders.push({ order, progress: ended?.isDone ? 'done' : 'begun' });
  const { lost, partial, overwritten, undone } = judge(before, lookAt(disks), orders);
  let findings = union({ ...noFindings(), lost, partial, overwritten, undone });
  if (ended && !ended.isDone) findings.other.add(`${verb} failed without a fault: ${ended.said}`);
  if (chance.next() < 0.5 || n === cyclesOfOneLife - 1) findings = union(findings, await restartAndJudge(life));
  return { hit, findings, verb };
}

async function restartAndJudge(life: Life): Promise<Findings> {
  const { mover, disks, chance, orders, before } = life;
  if (chance.next() < 0.25) await killTheRestart(life, orders);
  const recovered = await mover.recover(orders, { disks, groups: makeProcessGroups() });
  orders.splice(0, orders.length, ...recovered.orders);
  const findings = union(judge(before, lookAt(disks), orders));
  for (const problem of recovered.problems) findings.other.add(problem);
  for (const id of recovered.doubled) findings.doubled.add(id);
  return findings;
}

/** Kills it at a random moment after it has begun to change files; the first of each verb only tells how long that takes. */
async function performAndKill({ mover, disks, chance, spans }: Life, order: Order, kills: boolean) {
  const groups = makeProcessGroups();
  const span = spans.get(order.verb) ?? 0;
  const delay = chance.next() * span * 1.1;
  let firstChange: number | null = null;
  let hit = false;
  const watchers = watch(disks, path.dirname(order.relPaths[0]!), () => {
    if (firstChange !== null) return;
    firstChange = performance.now();
    if (kills) void wait(delay).then(() => (hit = groups.kill()));
  });
  try {
    const ended = await mover.perform(order, { disks, groups });
    if (!kills && firstChange !== null) spans.set(order.verb, Math.max(2, performance.now() - firstChange));
    return { hit: false, ended };
  } catch (error) {
    if (!(error instanceof KilledError)) throw error;
    return { hit, ended: null };
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

function watch({ local, lake }: Disks, folder: string, onChange: () => void): readonly FSWatcher[] {
  return [local, lake].map((root) => fs.watch(path.join(root, folder), onChange));
}

/** A restart that dies too, after anything between nothing and most of it. */
async function killTheRestart({ mover, disks, chance }: Life, orders: readonly OrderState[]): Promise<void> {
  const groups = makeProcessGroups();
  const timer = setTimeout(() => groups.kill(), chance.next() * (mover.name === 'weightroom' ? 1_200 : 60));
  try {
    await mover.recover(orders, { disks, groups });
  } catch (error) {
    if (!groups.isKilled) throw error;
  } finally {
    clearTimeout(timer);
  }
}
