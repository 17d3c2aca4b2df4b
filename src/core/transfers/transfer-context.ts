import type { BlockHasher } from '../ports/block-hasher.ts';
import type { ChangingFileSystem } from '../ports/changing-file-system.ts';
import type { TransferReport } from '../ports/transfer-files.ts';

/** What carrying out an order needs of the thread it runs on. */
export interface TransferContext {
  readonly fs: ChangingFileSystem;
  readonly blocks: BlockHasher;
  /** Others carry out copies of the same run meanwhile: a folder that is there may be one they made a moment ago. Default false. */
  readonly isBeside?: boolean;
  /** Called before calls that may block, with the location they concern: who is to blame when they never return. */
  readonly touch: (location: string) => void;
  /** Between chunks and between orders: waits while paused, throws CANCELLED. */
  readonly breathe: () => void;
  readonly report: (report: TransferReport) => void;
}
