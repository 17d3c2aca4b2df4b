import type { ModelHeader } from '../../contract/headers.ts';

/** A tensor as its header describes it: `F16 [320, 4, 3, 3]`. */
export interface HeaderTensor {
  readonly name: string;
  readonly description: string;
}

/** What was read of a file's header, within bounds that hold for hostile files too. */
export interface ReadHeader {
  readonly header: ModelHeader;
  /** The first 10,000, in the order of the file. */
  readonly tensors: readonly HeaderTensor[];
}
