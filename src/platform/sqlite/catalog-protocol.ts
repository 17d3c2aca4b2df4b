import type { ErrorBody } from '../../contract/errors.ts';
import type {
  HashKey,
  HashRecord,
  StoredCount,
  StoredDuplicateScan,
  StoredLocation,
} from '../../core/ports/catalog-store.ts';
import type { PackedFolders } from './packed-folders.ts';

/** The first message to the thread; it says `opened` or `unusable`. */
export interface OpenCatalog {
  readonly op: 'open';
  readonly file: string;
  readonly nowMs: number;
}

/** Messages between the program and its catalog thread; answered in order. */
export type ToCatalog =
  | { readonly op: 'count'; readonly id: number; readonly location: string; readonly root: string }
  | { readonly op: 'load'; readonly id: number; readonly location: string; readonly root: string }
  | {
      readonly op: 'save-folders';
      readonly id: number;
      readonly location: string;
      readonly folders: PackedFolders;
      readonly removed: readonly string[];
    }
  | { readonly op: 'save-location'; readonly id: number; readonly location: string; readonly stored: StoredLocation }
  | { readonly op: 'forget'; readonly id: number; readonly location: string }
  | { readonly op: 'remember'; readonly id: number; readonly records: readonly HashRecord[] }
  | { readonly op: 'recall'; readonly id: number; readonly keys: readonly HashKey[] }
  | { readonly op: 'has-hashes'; readonly id: number }
  | { readonly op: 'save-scan'; readonly id: number; readonly scan: StoredDuplicateScan }
  | {
      readonly op: 'save-part';
      readonly id: number;
      readonly scan: string;
      readonly part: number;
      readonly found: string;
    }
  | { readonly op: 'scans'; readonly id: number }
  | { readonly op: 'part'; readonly id: number; readonly scan: string; readonly part: number }
  | { readonly op: 'close'; readonly id: number };

export type FromCatalog =
  | { readonly type: 'opened'; readonly setAside: string | null }
  /** Damage showed while it was in use: the file was set aside and a new one begun. */
  | { readonly type: 'set-aside'; readonly path: string }
  | { readonly type: 'unusable'; readonly error: ErrorBody['error'] }
  | { readonly type: 'folders'; readonly id: number; readonly folders: PackedFolders }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly value:
        | StoredLocation
        | StoredCount
        | readonly (HashRecord | null)[]
        | readonly StoredDuplicateScan[]
        | string
        | boolean
        | null;
    }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorBody['error'] };
