import type { ErrorCode } from '../../contract/errors.ts';
import type { FilePlace, TransferOrder, TransferReport } from '../../core/ports/transfer-files.ts';

/** Messages between the program and a process that carries out orders, one run at a time. */
export type ToTransferHost =
  | (Orders & { readonly op: 'run'; readonly sideBySide: number })
  /** Orders that follow those of the run; asked for by `taken`. */
  | (Orders & { readonly op: 'more' })
  /** Stop at the next chunk and remove what is unfinished. */
  | { readonly op: 'cancel'; readonly id: number }
  | { readonly op: 'pause'; readonly paused: boolean };

interface Orders {
  readonly id: number;
  readonly orders: readonly TransferOrder[];
  /** None follow. */
  readonly areLast: boolean;
}

export type FromTransferHost =
  | { readonly type: 'ready' }
  /** The orders that came last are being begun, and were not the last ones: it is time for those that follow. */
  | { readonly type: 'taken'; readonly id: number }
  /**
   * Calls return. `location` is the one that was touched last, empty before the first; `isFlushing`: the call under way
   * is one that may take long on a healthy drive. Said when they differ too, so that silence has a name.
   */
  | { readonly type: 'alive'; readonly id: number; readonly location: string; readonly isFlushing: boolean }
  | { readonly type: 'reports'; readonly id: number; readonly reports: readonly TransferReport[] }
  | { readonly type: 'ended'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: TransferFailure };

/** An `AppError` on its way. */
export interface TransferFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
  readonly location: string | undefined;
}

/** The roots that orders name, by location. */
export function rootsOf(orders: readonly TransferOrder[]): Map<string, string> {
  const roots = new Map<string, string>();
  const add = ({ location, root }: FilePlace): unknown => roots.set(location, root);
  for (const order of orders) {
    if (order.op === 'delete' && order.copy) add(order.copy.at);
    if (order.op === 'delete' && order.original) add(order.original);
    if (order.op === 'delete') for (const { at } of order.others ?? []) add(at);
    if ('keeper' in order) add(order.keeper);
    if ('at' in order) add(order.at);
    else for (const place of [order.from, order.to]) add(place);
  }
  return roots;
}
