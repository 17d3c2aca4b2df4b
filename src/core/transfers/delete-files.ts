import type { DeleteOrder, TransferReport } from '../ports/transfer-files.ts';
import { deleteFile } from './delete-file.ts';
import { type OpenPlace, OpenPlaces } from './open-place.ts';
import { reportFailure } from './report-failure.ts';
import { stopsAll } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

interface Deleted {
  readonly order: DeleteOrder;
  /** Whose names changed; none where the file was gone already. */
  readonly places: readonly OpenPlace[];
}

/**
 * Deletes files that share their waits for the drive: none is reported before it is gone for good, or staged for good.
 *
 * Cancelled: those that are gone by then are reported before it ends.
 */
export function deleteFiles(orders: readonly DeleteOrder[], context: TransferContext): void {
  const places = new OpenPlaces(context);
  const tools = { context, places };
  try {
    const deleted: Deleted[] = [];
    let cancelled: unknown = null;
    for (const order of orders) {
      try {
        context.breathe();
      } catch (thrown) {
        cancelled = thrown;
        break;
      }
      deleted.push(...attempt(order, context, () => ({ order, places: deleteFile(order, tools) })));
    }
    const isSynced = places.sync();
    for (const { order, places: changed } of deleted) {
      attempt(order, context, () => {
        const synced = changed.map(isSynced);
        context.report(done(order, synced.every(Boolean)));
      });
    }
    if (cancelled !== null) throw cancelled;
  } finally {
    places.close();
  }
}

function done({ n, stage }: DeleteOrder, isDurable: boolean): TransferReport {
  return { n, type: 'done', after: null, blake3: null, way: stage === null ? 'none' : 'rename', isDurable };
}

function attempt<T>(order: DeleteOrder, context: TransferContext, step: () => T): T[] {
  try {
    return [step()];
  } catch (thrown) {
    if (stopsAll(thrown)) throw thrown;
    reportFailure(context, { n: order.n, thrown, location: order.at.location });
    return [];
  }
}
