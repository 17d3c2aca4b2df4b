import { AppError } from '../errors/app-error.ts';
import type { DedupeOrder } from '../ports/transfer-files.ts';
import { dedupeFile } from './dedupe-file.ts';
import { type Deduped, DedupeRun } from './dedupe-run.ts';
import { OpenPlaces } from './open-place.ts';
import { reportFailure } from './report-failure.ts';
import { quietly, stopsAll } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

interface Ended {
  readonly order: DedupeOrder;
  readonly outcome: Deduped;
}

/** Removes duplicates one after the other; none is reported before its folder is on the drive as it is then. */
export function dedupeFiles(orders: readonly DedupeOrder[], context: TransferContext): void {
  const places = new OpenPlaces(context);
  const run = new DedupeRun({ context, places });
  const ended: Ended[] = [];
  try {
    for (const order of orders) {
      attempt(order, context, () => {
        context.breathe();
        ended.push({ order, outcome: dedupeFile(order, run) });
      });
    }
    tell(ended, run);
  } catch (thrown) {
    // What was removed before the end is told as far as it is certain: nobody could find it out later.
    if (thrown instanceof AppError) quietly(() => tell(ended, run, 'certain'));
    throw thrown;
  } finally {
    places.close();
  }
}

function tell(ended: Ended[], run: DedupeRun, which: 'all' | 'certain' = 'all'): void {
  const isSynced = run.sync();
  for (const { order, outcome } of ended.splice(0)) {
    const isDurable = outcome.place === null || isSynced(outcome.place);
    if (isDurable || which === 'all') report(order, outcome, isDurable, run.tools.context);
  }
}

function report(
  { n, action, blake3 }: DedupeOrder,
  { after, keeperAfter, freedBytes, isEstimate }: Deduped,
  isDurable: boolean,
  context: TransferContext,
): void {
  context.report({
    n,
    type: 'done',
    after,
    blake3: after === null ? null : blake3,
    way: action === 'reflink' ? 'clone' : 'none',
    isDurable,
    freedBytes,
    ...(isEstimate ? { isEstimate } : {}),
    ...(keeperAfter === null ? {} : { keeperAfter }),
  });
}

function attempt(order: DedupeOrder, context: TransferContext, step: () => void): void {
  try {
    step();
  } catch (thrown) {
    if (stopsAll(thrown)) throw thrown;
    reportFailure(context, { n: order.n, thrown, location: order.at.location });
  }
}
