import type { AbortController } from '../../core/ports/abort.ts';
import type { LocationFiles, ScanBatch, ScanEnd, ScanRequest } from '../../core/ports/location-files.ts';

/**
 * A scan that is under way while the stored index is still being loaded. What it finds waits, in order, until someone
 * takes it; nothing is changed before that.
 */
export interface EarlyScan {
  /** Hands over what was found so far, then everything else as it comes. Resolves when the scan is complete. */
  take(onBatch: (batch: ScanBatch) => void): Promise<ScanEnd>;
  /** Nobody will take it. */
  drop(): void;
}

export function beginScan(files: LocationFiles, request: ScanRequest, stop: AbortController): EarlyScan {
  const waiting: ScanBatch[] = [];
  let deliver = (batch: ScanBatch): void => {
    waiting.push(batch);
  };
  const end = files.scan(request, (batch) => deliver(batch), stop.signal);
  // Whoever takes the scan learns of its failure; until then it must not count as unhandled.
  end.catch(() => {});
  return {
    take(onBatch) {
      for (const batch of waiting.splice(0)) onBatch(batch);
      deliver = onBatch;
      return end;
    },
    drop: () => stop.abort(),
  };
}
