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
  /** Oldest first: the first one runs, the others wait for it. */
  const runs = new Map<LocationSlot, Run[]>();

  function begin(slot: LocationSlot, folder: string, acceptLoss: boolean): Promise<RefreshResult> {
    const stop = ports.createAbort();
    // At once, so that locations whose refreshes begin together know of each other.
    slot.refreshing = true;
    const previous = runs.get(slot)?.at(-1)?.result;
    const result = (async () => {
      // Someone else waits for the previous one and learns how it ended.
      await previous?.catch(() => {});
      // Starting the process of a location holds the event loop for 20 ms: one location in a turn.
      const pause = ports.pacer.breathe();
      if (pause) await pause;
      try {
        const ended = await refreshSlot(slot, { folder, acceptLoss, stop }, ports);
        ports.events.publish('index.finished', ended);
        return ended;
      } finally {
        const left = runs.get(slot)?.filter((run) => run.stop !== stop) ?? [];
        if (left.length > 0) runs.set(slot, left);
        else runs.delete(slot);
      }
    })();
    runs.set(slot, [...(runs.get(slot) ?? []), { folder, stop, result }]);
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
      const isCovered = (run: Run): boolean => !run.stop.signal.aborted && (run.folder === '' || run.folder === folder);
      return runs.get(slot)?.find(isCovered)?.result ?? begin(slot, folder, false);
    },
    async acceptLoss(slot) {
      await begin(slot, '', true);
    },
    cancel(slot) {
      const all = runs.get(slot) ?? [];
      for (const { stop } of all) stop.abort();
      return all.length > 0;
    },
    cancelAll() {
      for (const all of runs.values()) for (const { stop } of all) stop.abort();
    },
  };
}
