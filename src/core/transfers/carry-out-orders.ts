import type { CopyOrder, DedupeOrder, DeleteOrder, TransferOrder } from '../ports/transfer-files.ts';
import { copyFiles } from './copy-files.ts';
import { dedupeFiles } from './dedupe-files.ts';
import { deleteFiles } from './delete-files.ts';
import { OpenPlaces } from './open-place.ts';
import { reportFailure } from './report-failure.ts';
import { restoreFile } from './restore-file.ts';
import { stopsAll } from './side.ts';
import { tidy } from './tidy.ts';
import type { TransferContext } from './transfer-context.ts';

/** Duplicates up to this size share their waits for the drive. */
const smallFile = 4 * 1024 * 1024;
const mostTogether = 64;
const mostBytesTogether = 64 * 1024 * 1024;

export interface CarryOutOptions {
  /** Most orders of a group. For tests. */
  readonly together?: number;
  /** Orders that follow, as far as they are there by now. Asked when all before have begun, and when all have ended. */
  readonly more?: () => readonly TransferOrder[];
}

/**
 * Carries out orders one after the other, each as its kind says (`TransferFiles`); copies and deletes that follow each
 * other share their waits. An order that fails is reported and the next one begins.
 *
 * @throws AppError LOCATION_OFFLINE, CANCELLED. Orders without a final report are neither done nor failed then.
 */
export function carryOutOrders(
  orders: readonly TransferOrder[],
  context: TransferContext,
  options: CarryOutOptions = {},
): void {
  const groups = new GroupsAhead(orders, options);
  for (let group = groups.first(); group !== null; group = groups.first()) {
    if (group.op === 'copy') {
      copyFiles(() => groups.takeCopies(), context);
      continue;
    }
    groups.takeFirst();
    // Tidying up and putting back are short, and belong to cancelling and undoing, which a pause must not hold up.
    if (group.op !== 'other') context.breathe();
    if (group.op === 'delete') deleteFiles(group.orders, context);
    else if (group.op === 'dedupe') dedupeFiles(group.orders, context);
    else carryOutOne(group.order, context);
  }
}

/** The groups of all orders, as they come in. */
class GroupsAhead {
  private readonly options: CarryOutOptions;
  private groups: Iterator<OrderGroup, void>;
  private next: OrderGroup | null = null;

  constructor(orders: readonly TransferOrder[], options: CarryOutOptions) {
    this.options = options;
    this.groups = groupOrders(orders, options);
  }

  /** null: no orders are there. */
  first(): OrderGroup | null {
    this.next ??= this.groups.next().value ?? null;
    if (this.next !== null) return this.next;
    const orders = this.options.more?.() ?? [];
    if (orders.length === 0) return null;
    this.groups = groupOrders(orders, this.options);
    return this.first();
  }

  takeFirst(): void {
    this.next = null;
  }

  /** null: no orders are there, or the next ones are no copies. */
  takeCopies(): readonly CopyOrder[] | null {
    const first = this.first();
    if (first?.op !== 'copy') return null;
    this.takeFirst();
    return first.orders;
  }
}

type OtherOrder = Exclude<TransferOrder, CopyOrder | DeleteOrder | DedupeOrder>;

export type OrderGroup =
  | { readonly op: 'copy'; readonly orders: readonly CopyOrder[] }
  | { readonly op: 'delete'; readonly orders: readonly DeleteOrder[] }
  | { readonly op: 'dedupe'; readonly orders: readonly DedupeOrder[] }
  | { readonly op: 'other'; readonly order: OtherOrder };

/** Orders that are carried out together, in the order given. */
export function* groupOrders(
  orders: readonly TransferOrder[],
  { together = mostTogether }: Pick<CarryOutOptions, 'together'> = {},
): Generator<OrderGroup> {
  let copies: CopyOrder[] = [];
  let deletes: DeleteOrder[] = [];
  let dedupes: DedupeOrder[] = [];
  let bytes = 0;
  function* flush(): Generator<OrderGroup> {
    if (copies.length > 0) yield { op: 'copy', orders: copies };
    if (deletes.length > 0) yield { op: 'delete', orders: deletes };
    if (dedupes.length > 0) yield { op: 'dedupe', orders: dedupes };
    [copies, deletes, dedupes, bytes] = [[], [], [], 0];
  }
  for (const order of orders) {
    const size = order.op === 'copy' || order.op === 'dedupe' ? order.expected.size : 0;
    const group =
      order.op === 'copy' ? copies : order.op === 'delete' ? deletes : order.op === 'dedupe' ? dedupes : null;
    const isAlone = copies.length + deletes.length + dedupes.length === group?.length;
    const joins = isAlone && group.length < together && bytes + size <= mostBytesTogether;
    const isLarge = size > (order.op === 'copy' ? mostBytesTogether : smallFile);
    if (!joins || isLarge) yield* flush();
    if (order.op === 'delete') deletes.push(order);
    else if (order.op === 'copy') copies.push(order);
    else if (order.op === 'dedupe') dedupes.push(order);
    else yield { op: 'other', order };
    bytes += size;
    if (isLarge) yield* flush();
  }
  yield* flush();
}

function carryOutOne(order: OtherOrder, context: TransferContext): void {
  const places = new OpenPlaces(context);
  const location = order.op === 'tidy' ? order.at.location : order.to.location;
  try {
    if (order.op === 'restore') restoreFile(order, { context, places });
    else tidy(order, { context, places });
  } catch (thrown) {
    if (stopsAll(thrown)) throw thrown;
    reportFailure(context, { n: order.n, thrown, location });
  } finally {
    places.close();
  }
}
