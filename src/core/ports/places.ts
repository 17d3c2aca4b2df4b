import type { Place } from '../../contract/folders.ts';

/** Where folders can be looked for on this machine. */
export interface Places {
  /** Home first, then drives and shares by path. Touches none of them. */
  list(): Promise<readonly Place[]>;
}
