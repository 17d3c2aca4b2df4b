import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeChance } from './chance.ts';
import { type Disks, lookAt } from './disks.ts';
import type { Mover } from './mover.ts';
import { type Findings, judge, noFindings, type Order, union } from './oracle.ts';
import { plainDisks } from './plain-disks.ts';
import { makeProcessGroups } from './process-group.ts';
import { addCycle, emptyTally, type Tally } from './tally.ts';
import { makeFolder, type Undoing, withUndoing } from './undoing.ts';
import { writeWorkload } from './workload.ts';

const source = fileURLToPath(new URL('./kill-points.c', import.meta.url));
const stateSize = 65_536;

/** As numbered in kill-points.c. */
const calls = [
  ...['', 'open', 'write', 'fsync', 'fdatasync', 'link', 'rename', 'unlink', 'close', 'utimens', 'ftruncate', 'mkdir'],
  ...['rmdir', 'copy_file_range'],
] as const;

export const skipWithoutCompiler: string | false =
  process.platform !== 'linux'
    ? 'calls are counted on Linux only'
    : spawnSync('cc', ['--version']).status !== 0 && 'there is no C compiler';

export interface KillPointOptions {
  readonly mover: Mover;
  readonly seed: number;
  /** So many points of each verb, spread evenly; all of them where left out. */
  readonly points?: number;
  /** Of the calls on the disks, or of those on what the program remembers. */
  readonly of: 'disks' | 'home';
}

export interface KillPoints {
  readonly tally: Tally;
  /** How often each kind of call was the one. */
  readonly reached: ReadonlyMap<string, number>;
}

/** Kills the whole process group at the first, second, … call that changes a file: right before it, then right after. */
export function killAtEveryCall(options: KillPointOptions): Promise<KillPoints> {
  return withUndoing(async (undoing) => {
    const library = path.join(await makeFolder(undoing), 'kill-points.so');
    const built = spawnSync('cc', ['-O1', '-Wall', '-shared', '-fPIC', '-o', library, source, '-ldl'], {
      encoding: 'utf8',
    });
    if (built.status !== 0) throw new Error(`kill-points.c does not compile: ${built.stderr}`);
    const reached = new Map<string, number>();
    let tally = emptyTally;
    for (const verb of options.mover.verbs) {
      const counted = await withUndoing((own) => oneRun(own, options, verb, { library, at: 0, how: 'before' }));
      for (const at of spread(counted.count, options)) {
        const how = at % 2 === 0 ? 'before' : 'after';
        const run = await withUndoing((own) => oneRun(own, options, verb, { library, at, how }));
        if (run.call === null) continue;
        reached.set(run.call, (reached.get(run.call) ?? 0) + 1);
        tally = addCycle(tally, run.findings, `${verb}, ${how} call ${at}, ${run.call}`);
      }
    }
    return { tally, reached };
  });
}

/** Evenly spread; another seed lies between those of this one. */
function spread(count: number, { points = count, seed }: KillPointOptions): readonly number[] {
  const shift = (seed * 0.618) % 1;
  const all = Array.from({ length: points }, (_, n) => 1 + Math.floor(((n + shift) * count) / points));
  return [...new Set(all)].filter((at) => at <= count);
}

interface Point {
  readonly library: string;
  readonly at: number;
  readonly how: 'before' | 'after';
}

async function oneRun(undoing: Undoing, options: KillPointOptions, verb: Order['verb'], point: Point) {
  const { mover, seed, of } = options;
  const disks = await plainDisks(undoing);
  const order = writeWorkload(disks, verb, 'w', makeChance(seed), { files: 4, maxBytes: 400_000 });
  const before = lookAt(disks);
  const state = path.join(disks.home, 'calls');
  fs.writeFileSync(state, Buffer.alloc(stateSize));
  const env = {
    LD_PRELOAD: point.library,
    KILL_POINTS_ROOTS: of === 'home' ? path.join(disks.home, 'app-data') : `${disks.local}:${disks.lake}`,
    KILL_POINTS_STATE: state,
    KILL_POINTS_AT: `${point.at}`,
    KILL_POINTS_HOW: point.how,
  };
  const { isDone, said } = await mover.perform(order, { disks, env, groups: makeProcessGroups() });
  const seen = fs.readFileSync(state);
  const [count, call] = [seen.readUInt32LE(0), calls[seen[3 + point.at] ?? 0] ?? 'unknown'];
  if (point.at === 0) {
    if (!isDone) throw new Error(`${mover.name} ${verb} failed without a fault: ${said}`);
    return { count, call: null, findings: noFindings() };
  }
  if (isDone && count < point.at) return { count, call: null, findings: noFindings() };
  const findings = await judgeAfter(mover, disks, order, { before, isDone });
  return { count, call, findings };
}

async function judgeAfter(
  mover: Mover,
  disks: Disks,
  order: Order,
  { before, isDone }: { readonly before: ReturnType<typeof lookAt>; readonly isDone: boolean },
): Promise<Findings> {
  const orders = [{ order, progress: isDone ? 'done' : 'begun' } as const];
  const { partial, overwritten } = judge(before, lookAt(disks), orders);
  const recovered = await mover.recover(orders, { disks, groups: makeProcessGroups() });
  const findings = union({ ...noFindings(), partial, overwritten }, judge(before, lookAt(disks), recovered.orders));
  for (const problem of recovered.problems) findings.other.add(problem);
  for (const id of recovered.doubled) findings.doubled.add(id);
  return findings;
}
