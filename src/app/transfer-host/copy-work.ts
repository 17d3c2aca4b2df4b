import { cancelled, toAppError } from '../../core/errors/app-error.ts';
import type { BlockHasher } from '../../core/ports/block-hasher.ts';
import type { ChangingFileSystem } from '../../core/ports/changing-file-system.ts';
import type { TransferOrder, TransferReport } from '../../core/ports/transfer-files.ts';
import type { TransferContext } from '../../core/transfers/transfer-context.ts';
import type { SyncRequest } from '../../platform/filesystem/syncs-beside.ts';
import { rootsOf, type TransferFailure } from '../../platform/processes/transfer-protocol.ts';
import {
  type ControlWords,
  isCancelled,
  noteLocation,
  notePulse,
  noteRun,
  waitWhilePaused,
} from './transfer-control.ts';

export interface ToCopyThread {
  readonly id: number;
  readonly orders: readonly TransferOrder[];
}

export type FromCopyThread =
  | { readonly type: 'ready' }
  | SyncRequest
  | { readonly type: 'report'; readonly id: number; readonly report: TransferReport }
  | { readonly type: 'ended'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: TransferFailure };

export interface CopyWork {
  readonly fs: ChangingFileSystem;
  readonly blocks: BlockHasher;
  readonly control: ControlWords;
  readonly say: (message: FromCopyThread) => void;
  readonly carryOut: (orders: readonly TransferOrder[], context: TransferContext) => void;
}

/** Carries out runs, one after the other. */
export function createCopyWork({ fs, blocks, control, say, carryOut }: CopyWork) {
  return ({ id, orders }: ToCopyThread): void => {
    noteRun(control, id);
    const locations = new Map([...rootsOf(orders).keys()].map((location, index) => [location, index]));
    const context: TransferContext = {
      fs,
      blocks,
      touch: (location) => noteLocation(control, locations.get(location) ?? -1),
      breathe() {
        waitWhilePaused(control, id);
        if (isCancelled(control, id)) throw cancelled('The transfer');
        notePulse(control);
      },
      report: (report) => say({ type: 'report', id, report }),
    };
    try {
      carryOut(orders, context);
      say({ type: 'ended', id });
    } catch (thrown) {
      const { code, message, hint, location } = toAppError(thrown);
      say({ type: 'failed', id, error: { code, message, hint, location } });
    }
  };
}
