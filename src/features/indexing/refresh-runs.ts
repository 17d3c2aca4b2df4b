import type { RefreshResult } from '../../contract/indexing.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import { type RefresherPorts, refreshSlot } from './refresher.ts';

/** Refreshes under way: one a location at a time; asking again for what already runs waits for that run. */
export interface RefreshRuns {
  start(slot: LocationSlot, folder: string): Promise<RefreshResult>;
  /** Lets go of files that are really gone. Waits for a running refresh first. */
  acceptLoss(slot: LocationSlot): Promise<void>;
  /** @returns whether there was one to cancel. */
  cancel(slot: LocationSlot): boolean;
  cancelAll(): void;
}

interface Run {
  readonly folder: string;
  readonly stop: AbortController;
  readonly result: Promise<RefreshResult>;
}

export function createRefreshRuns(
  ports: RefresherPorts & { readonly createAbort: () => AbortController },
): RefreshRuns {
  const runs = new Map<LocationSlot, Run>();

  function begin(slot: LocationSlot, folder: string, acceptLoss: boolean): Promise<RefreshResult> {
    const stop = ports.createAbort();
    const previous = runs.get(slot)?.result;
    const result = (async () => {
      // Someone else waits for the previous one and learns how it ended.
      await previous?.catch(() => {});
      try {
        const ended = await refreshSlot(slot, { folder, acceptLoss, signal: stop.signal }, ports);
        ports.events.publish('index.finished', ended);
        return ended;
      } finally {
        if (runs.get(slot)?.stop === stop) runs.delete(slot);
      }
    })();
    runs.set(slot, { folder, stop, result });
    result.catch((thrown: unknown) => {
      // Reported as an event too, since a refresh that nobody waits for has no one else to tell.
      const { message } = toAppError(thrown);
      const { files, bytes } = slot.index.totals();
      ports.events.publish('index.finished', {
        id: slot.definition.id,
        outcome: 'offline',
        files,
        bytes,
        problems: slot.stored.problems.length,
        elapsedMs: 0,
        message,
      });
    });
    return result;
  }

  return {
    start(slot, folder) {
      const run = runs.get(slot);
      if (run && (run.folder === '' || run.folder === folder)) return run.result;
      return begin(slot, folder, false);
    },
    async acceptLoss(slot) {
      await begin(slot, '', true);
    },
    cancel(slot) {
      const run = runs.get(slot);
      run?.stop.abort();
      return run !== undefined;
    },
    cancelAll() {
      for (const { stop } of runs.values()) stop.abort();
    },
  };
}
