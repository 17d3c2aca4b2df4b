import { AppError, cancelled } from '../errors/app-error.ts';
import type { ChangingFileSystem } from '../ports/changing-file-system.ts';
import type { Hashers } from '../ports/hashers.ts';
import type { TransferFiles, TransferOrder, TransferReport } from '../ports/transfer-files.ts';
import { carryOutOrders, groupOrders, type OrderGroup } from './carry-out-orders.ts';
import { createDirectBlockHasher } from './direct-block-hasher.ts';

export interface DirectTransferFilesOptions {
  readonly fs: ChangingFileSystem;
  readonly hashers: Hashers;
  /** Stands for a call that never returned: the run then waits until it is cancelled or the access is closed. */
  readonly isHanging?: (thrown: unknown) => boolean;
  /** Bytes read at a time. Default 1 MiB. */
  readonly blockBytes?: number;
}

/**
 * `TransferFiles` inside the program, for tests and for file systems that cannot block. It gives way between groups of
 * orders: there it is paused, cancelled and closed.
 */
export function createDirectTransferFiles(options: DirectTransferFilesOptions): TransferFiles {
  const blocks = createDirectBlockHasher(options.hashers, options.blockBytes);
  const running = new Set<(reason: AppError) => void>();
  const waiting = new Set<() => void>();
  let isPaused = false;
  let isClosed = false;

  async function goOn(): Promise<void> {
    await Promise.resolve();
    while (isPaused) await new Promise<void>((resolve) => waiting.add(resolve));
  }

  async function carryOut(
    orders: readonly TransferOrder[],
    onReports: (reports: readonly TransferReport[]) => void,
    throwIfStopped: () => void,
  ): Promise<void> {
    for (const group of groupOrders(orders)) {
      if (group.op !== 'other') await goOn();
      throwIfStopped();
      carryOutOrders(ordersOf(group), {
        fs: options.fs,
        blocks,
        touch: () => {},
        breathe: throwIfStopped,
        report: (report) => onReports([report]),
      });
    }
  }

  async function carryOutAll(
    orders: readonly TransferOrder[],
    more: () => Promise<readonly TransferOrder[]>,
    carry: (orders: readonly TransferOrder[]) => Promise<void>,
  ): Promise<void> {
    for (let now = orders; now.length > 0; ) {
      const following = more();
      // Of interest only when these are done.
      following.catch(() => {});
      await carry(now);
      now = await following;
    }
  }

  return {
    run: (orders, onReports, { signal, more = async () => [] } = {}) =>
      new Promise<void>((resolve, reject) => {
        if (isClosed) throw closed();
        let stopped: AppError | null = null;
        const throwIfStopped = (): void => {
          if (signal?.aborted) throw cancelled('The transfer');
          if (stopped) throw stopped;
        };
        const stop = (reason: AppError): void => {
          stopped = reason;
          running.delete(stop);
          reject(reason);
        };
        running.add(stop);
        signal?.addEventListener('abort', () => stop(cancelled('The transfer')), { once: true });
        carryOutAll(orders, more, (some) => carryOut(some, onReports, throwIfStopped)).then(
          () => {
            running.delete(stop);
            resolve();
          },
          (thrown: unknown) => {
            if (options.isHanging?.(thrown) === true) return;
            running.delete(stop);
            reject(thrown);
          },
        );
      }),
    pause(paused) {
      isPaused = paused;
      if (paused) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    close() {
      isClosed = true;
      for (const stop of [...running]) stop(closed());
    },
  };
}

function ordersOf(group: OrderGroup): readonly TransferOrder[] {
  return group.op === 'other' ? [group.order] : group.orders;
}

function closed(): AppError {
  return new AppError('CANCELLED', 'The transfer was ended: Weightroom is closing.');
}
