import type { AbortController } from '../../core/ports/abort.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import type { LocationFiles, ScanBatch, ScanEnd, ScanRequest } from '../../core/ports/location-files.ts';

/**
 * A scan that is under way while the stored index is still being loaded. What it finds waits, in order, until someone
 * takes it; nothing is changed before that.
 */
export interface EarlyScan {
  /**
   * Hands over what was found so far, then everything else as it comes, and lets others in between. Resolves when the
   * scan is complete and all of it was handed over; rejects with what `onBatch` throws.
   */
  take(onBatch: (batch: ScanBatch) => void, pacer: Pacer): Promise<ScanEnd>;
  /** Nobody will take it. */
  drop(): void;
}

export function beginScan(files: LocationFiles, request: ScanRequest, stop: AbortController): EarlyScan {
  const waiting: ScanBatch[] = [];
  let isOver = false;
  let wake = (): void => {};
  const noteOver = (): void => {
    isOver = true;
    wake();
  };
  const onFound = (batch: ScanBatch): void => {
    waiting.push(batch);
    wake();
  };
  const end = files.scan(request, onFound, stop.signal);
  // Whoever takes the scan learns of its failure; until then it must not count as unhandled.
  end.then(noteOver, noteOver);
  return {
    async take(onBatch, pacer) {
      for (;;) {
        // Many batches come in one turn of the event loop; handled there and then they would hold it.
        for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
          onBatch(batch);
          const pause = pacer.breathe();
          if (pause) await pause;
        }
        if (isOver) return end;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    drop: () => stop.abort(),
  };
}
