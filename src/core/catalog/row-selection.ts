import type { FolderPair } from './folder-pair.ts';

export interface RowPosition {
  readonly pair: FolderPair;
  readonly row: number;
}

/** Rows that fit a request, in order; pages are cut out of it without going through the library again. */
export interface RowSelection {
  readonly total: number;
  readonly totalBytes: number;
  page(offset: number, limit: number): Promise<readonly RowPosition[]>;
}
