import { cancelled, toAppError } from '../../core/errors/app-error.ts';
import type { BlockHasher } from '../../core/ports/block-hasher.ts';
import type { ChangingFileSystem } from '../../core/ports/changing-file-system.ts';
import type { TransferOrder, TransferReport } from '../../core/ports/transfer-files.ts';
import type { TransferContext } from '../../core/transfers/transfer-context.ts';
import type { SyncRequest } from '../../platform/filesystem/syncs-beside.ts';
import type { TransferFailure } from '../../platform/processes/transfer-protocol.ts';
import {
  type ControlWords,
  isCancelled,
  noteIdle,
  noteLocation,
  notePulse,
  noteRun,
  waitWhilePaused,
} from './transfer-control.ts';

/** Orders of a run that one thread carries out. */
export interface ToCopyThread {
  readonly id: number;
  /** Of the run. */
  readonly locations: readonly string[];
  readonly orders: readonly TransferOrder[];
  /** Other threads carry out the rest of the run. */
  readonly isBeside: boolean;
}

export type FromCopyThread =
  | { readonly type: 'ready' }
  | SyncRequest
  /** It has begun with what it was given; more may be given for when that has begun. */
  | { readonly type: 'took' }
  | { readonly type: 'report'; readonly id: number; readonly report: TransferReport }
  /** All that it took has ended. */
  | { readonly type: 'idle' }
  /** As `idle`; what follows of this run is not carried out. */
  | { readonly type: 'failed'; readonly id: number; readonly error: TransferFailure };

export interface CopyWork {
  readonly fs: ChangingFileSystem;
  readonly blocks: BlockHasher;
  readonly control: ControlWords;
  readonly say: (message: FromCopyThread) => void;
  /** What came meanwhile, without waiting for it. */
  readonly receive: () => ToCopyThread | null;
  readonly carryOut: (
    orders: readonly TransferOrder[],
    context: TransferContext,
    options: { readonly more: () => readonly TransferOrder[] },
  ) => void;
}

/** Carries out what it is given of a run, and what comes meanwhile. */
export function createCopyWork({ fs, blocks, control, say, receive, carryOut }: CopyWork) {
  let failedRun = 0;

  function more(): readonly TransferOrder[] {
    const message = receive();
    if (message === null) return [];
    say({ type: 'took' });
    return message.orders;
  }

  function carryOutAll({ id, locations, orders, isBeside }: ToCopyThread): void {
    noteRun(control, id);
    const context: TransferContext = {
      fs,
      blocks,
      isBeside,
      touch: (location) => noteLocation(control, locations.indexOf(location)),
      breathe() {
        waitWhilePaused(control, id);
        if (isCancelled(control, id)) throw cancelled('The transfer');
        notePulse(control);
      },
      report: (report) => say({ type: 'report', id, report }),
    };
    carryOut(orders, context, { more });
  }

  return (message: ToCopyThread): void => {
    const { id } = message;
    say({ type: 'took' });
    try {
      if (id !== failedRun) carryOutAll(message);
      say({ type: 'idle' });
    } catch (thrown) {
      failedRun = id;
      const { code, message: text, hint, location } = toAppError(thrown);
      say({ type: 'failed', id, error: { code, message: text, hint, location } });
    } finally {
      noteIdle(control);
    }
  };
}
