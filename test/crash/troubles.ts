import { makeChance } from './chance.ts';
import { type Disks, lookAt } from './disks.ts';
import { leftAtSource, type Mover, type PerformOptions } from './mover.ts';
import { judge, noFindings, type Order, type OrderState, union } from './oracle.ts';
import { KilledError, makeProcessGroups } from './process-group.ts';
import { addCycle, emptyTally, type Tally } from './tally.ts';
import { type Undoing, withUndoing } from './undoing.ts';
import { writeWorkload } from './workload.ts';

/** Disks on which something goes wrong, without a crash. */
export interface TroubledDisks {
  readonly disks: Disks;
  /** Where the oracle sees what really lies on the disks. */
  readonly truth: Disks;
  readonly options?: Pick<PerformOptions, 'through' | 'uid' | 'readBack' | 'env'>;
  /** Called when the files are there and before the program starts. */
  begin(order: Order): Promise<void>;
  /** Ends the trouble, whatever waits for it. */
  heal(): Promise<void>;
}

export interface Trouble {
  readonly name: string;
  readonly verbs: readonly Order['verb'][];
  /** Why it cannot be made here. */
  skip(): Promise<string | false>;
  make(undoing: Undoing, verb: Order['verb']): Promise<TroubledDisks>;
}

export interface TroubleOptions {
  readonly mover: Mover;
  readonly seed: number;
  readonly cycles: number;
}

/** Longer than any deadline of ours; a program that still waits is told to the reader. */
const patienceMs = 90_000;

/** The program meets the trouble, says what it says; then the trouble is over and it is asked again. */
export async function meetTrouble(trouble: Trouble, { mover, seed, cycles }: TroubleOptions): Promise<Tally> {
  const verbs = mover.verbs.filter((verb) => trouble.verbs.includes(verb));
  let tally = emptyTally;
  for (let n = 0; n < cycles && verbs.length > 0; n += 1) {
    const verb = verbs[n % verbs.length]!;
    const findings = await withUndoing((undoing) => meetOnce({ trouble, mover, verb, undoing, seed: seed + n }));
    tally = addCycle(tally, findings, `${trouble.name}, ${verb}, seed ${seed + n}`);
  }
  return tally;
}

interface Meeting {
  readonly trouble: Trouble;
  readonly mover: Mover;
  readonly verb: Order['verb'];
  readonly undoing: Undoing;
  readonly seed: number;
}

async function meetOnce({ trouble, mover, verb, undoing, seed }: Meeting) {
  const made = await trouble.make(undoing, verb);
  const order = writeWorkload(made.truth, verb, 'w', makeChance(seed), { files: 5, maxBytes: 3_000_000 });
  const before = lookAt(made.truth);
  await made.begin(order);
  const first = await performPatiently(mover, order, made);
  await made.heal();
  const states: OrderState[] = [{ order, progress: first.isDone ? 'done' : 'begun' }];
  const inTrouble = judge(before, lookAt(made.truth), states);
  const restarted = await mover.recover(states, { disks: made.disks, groups: makeProcessGroups() });
  const { leaked } = judge(before, lookAt(made.truth), restarted.orders);
  const after = await askAgain(mover, restarted.orders, made);
  const { partial, overwritten, undone } = inTrouble;
  const atEnd = judge(before, lookAt(made.truth), [after]);
  const findings = union({ ...noFindings(), partial, overwritten, undone, leaked }, atEnd);
  for (const problem of restarted.problems) findings.other.add(problem);
  if (after.progress !== 'done') findings.other.add('not done when it was tried again after the trouble');
  if (first.said === 'hung') findings.other.add('did not end within 90 s');
  if (!first.isDone && mover.name === 'weightroom' && !/"message":"[^"]{15,}/.test(first.said))
    findings.other.add(`failed without a sentence: ${first.said}`);
  return findings;
}

async function performPatiently(mover: Mover, order: Order, { disks, options, heal }: TroubledDisks) {
  const groups = makeProcessGroups();
  const timer = setTimeout(() => void heal().then(() => groups.kill()), patienceMs);
  try {
    return await mover.perform(order, { disks, groups, ...options });
  } catch (error) {
    if (!(error instanceof KilledError)) throw error;
    return { isDone: false, said: 'hung' };
  } finally {
    clearTimeout(timer);
  }
}

/** A program that remembers retries; one that does not is called once more. */
async function askAgain(mover: Mover, orders: readonly OrderState[], { disks, options }: TroubledDisks) {
  const again = { disks, retry: true, ...(options?.readBack ? { readBack: true } : {}) };
  const state = orders[0]!;
  if (state.progress === 'done') return state;
  const retried = (await mover.recover(orders, { ...again, groups: makeProcessGroups() })).orders[0]!;
  if (retried.progress === 'done') return retried;
  const relPaths = state.order.verb === 'move' ? leftAtSource(state.order, disks) : state.order.relPaths;
  const { isDone } = await mover.perform({ ...state.order, relPaths }, { ...again, groups: makeProcessGroups() });
  return { ...state, progress: isDone ? 'done' : 'begun' } as const;
}
