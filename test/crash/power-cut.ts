import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Chance, makeChance } from './chance.ts';
import { lookAt, type Seen } from './disks.ts';
import type { Mover } from './mover.ts';
import { type Findings, judge, noFindings, type Order, type OrderState, union } from './oracle.ts';
import { type FileSystem, makePowerDomain, type PowerDomain } from './power-domain.ts';
import { KilledError, makeProcessGroups, type ProcessGroups } from './process-group.ts';
import { tool } from './shell.ts';
import { addCycle, emptyTally, type Tally } from './tally.ts';
import { withUndoing } from './undoing.ts';
import { writeWorkload } from './workload.ts';

export interface PowerCutOptions {
  readonly mover: Mover;
  readonly fileSystem: FileSystem;
  readonly seed: number;
  readonly cycles: number;
  /** `target`: only the disk that is written loses its power; computer and source go on to a clean end. */
  readonly power: 'all' | 'target';
}

const ordersOfOneRun = 4;
const cutsOfOneRun = 8;
const size = { files: 5, maxBytes: 3_000_000 };

/** Power cuts at random moments while a program carries out orders, and up to two seconds after the last. */
export async function cutPower(options: PowerCutOptions): Promise<Tally> {
  const chance = makeChance(options.seed);
  let tally = emptyTally;
  while (tally.cycles < options.cycles) {
    await withUndoing(async (undoing) => {
      const domain = await makePowerDomain(undoing, options.fileSystem);
      const count = options.power === 'all' ? Math.min(cutsOfOneRun, options.cycles - tally.cycles) : 1;
      const run = await runAndCut(domain, options, chance, count);
      for (const cut of run.cuts) {
        await domain.restart(cut.image, options.power === 'all' ? undefined : ['lake']);
        const findings = await judgeCut(domain, options.mover, run.before, cut.orders);
        const done = cut.orders.filter(({ progress }) => progress === 'done').length;
        const origin = `seed ${options.seed}, cycle ${tally.cycles}, ${done} of ${ordersOfOneRun} orders done before`;
        tally = addCycle(tally, findings, origin);
      }
    });
  }
  return tally;
}

interface Cut {
  readonly image: string;
  /** Done: acknowledged before the cut began. Begun: asked for before it ended. */
  readonly orders: readonly OrderState[];
}

async function runAndCut(domain: PowerDomain, { mover, power }: PowerCutOptions, chance: Chance, count: number) {
  const { disks, mountPoints } = domain;
  const orders: Order[] = Array.from({ length: ordersOfOneRun }, (_, n) =>
    writeWorkload(disks, chance.pick(mover.verbs), `w${n}`, chance, size),
  );
  for (const mountPoint of Object.values(mountPoints)) await tool('sync', '-f', mountPoint);
  const before = lookAt(disks);
  const groups = makeProcessGroups();
  const progress = orders.map((): OrderState['progress'] => 'waiting');
  const stopNeighbour = chance.next() < 0.7 ? startNeighbour(domain, chance) : async () => {};
  const working = carryOut(orders, progress, { mover, groups, disks });
  const cuts: Cut[] = [];
  // The moments are spread over the work; the last ones lie after it.
  const isOver = working.then(() => true);
  for (let n = 0; n < count; n += 1) {
    const late = n >= count - 2 && count > 2;
    if (late || (power === 'target' && chance.next() < 0.3)) await isOver;
    await wait(chance.next() * (late ? 1_200 : mover.name === 'weightroom' ? 900 : 40));
    if (power === 'target') groups.freeze();
    const atStart = [...progress];
    const image = await domain.cut();
    const states = orders.map((order, k) => ({ order, progress: seenAs(atStart[k]!, progress[k]!) }));
    cuts.push({ image, orders: states });
  }
  groups.kill();
  await working;
  await stopNeighbour();
  return { before, cuts };
}

/** What ended while the cut was made may or may not be in it. */
function seenAs(atStart: OrderState['progress'], atEnd: OrderState['progress']): OrderState['progress'] {
  if (atStart === 'done') return 'done';
  return atEnd === 'waiting' ? 'waiting' : 'begun';
}

async function carryOut(
  orders: readonly Order[],
  progress: OrderState['progress'][],
  { mover, ...options }: { mover: Mover; groups: ProcessGroups; disks: PowerDomain['disks'] },
): Promise<void> {
  try {
    for (const [n, order] of orders.entries()) {
      progress[n] = 'begun';
      const { isDone, said } = await mover.perform(order, options);
      if (!isDone) throw new Error(`${mover.name} failed without a fault: ${said}`);
      progress[n] = 'done';
    }
  } catch (error) {
    if (!(error instanceof KilledError)) throw error;
  }
}

/** Another program, which makes its own files durable now and then, and with them the changes of folders before. */
function startNeighbour({ mountPoints }: PowerDomain, chance: Chance): () => Promise<void> {
  let goesOn = true;
  const places = chance.pick([[mountPoints.local], [mountPoints.local, mountPoints.lake]]);
  const working = (async () => {
    while (goesOn) {
      for (const place of places) {
        const file = await fs.promises.open(path.join(place, 'neighbour'), 'w');
        await file.write('any');
        await file.sync();
        await file.close();
      }
      await wait(30 + chance.next() * 200);
    }
  })();
  return async () => {
    goesOn = false;
    await working;
  };
}

async function judgeCut(
  { disks }: PowerDomain,
  mover: Mover,
  before: Seen,
  orders: readonly OrderState[],
): Promise<Findings> {
  const found = judge(before, lookAt(disks), orders);
  const { orders: after, problems, doubled } = await mover.recover(orders, { disks, groups: makeProcessGroups() });
  const { partial, overwritten, undone } = found;
  const findings = union({ ...noFindings(), partial, overwritten, undone }, judge(before, lookAt(disks), after));
  for (const problem of problems) findings.other.add(problem);
  for (const id of doubled) findings.doubled.add(id);
  return findings;
}
