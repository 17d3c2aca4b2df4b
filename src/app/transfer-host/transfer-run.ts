import { cancelled, toAppError } from '../../core/errors/app-error.ts';
import type { TransferOrder } from '../../core/ports/transfer-files.ts';
import { groupOrders } from '../../core/transfers/carry-out-orders.ts';
import {
  type FromTransferHost,
  rootsOf,
  type ToTransferHost,
  type TransferFailure,
} from '../../platform/processes/transfer-protocol.ts';
import type { CopyThreads, FromThreads } from './copy-threads.ts';
import { type GatheredReports, gatherReports } from './gather-reports.ts';

interface Piece {
  readonly orders: readonly TransferOrder[];
  /** They may be carried out beside others. */
  readonly isFresh: boolean;
}

/** The orders of one run on their way to the threads. */
export class TransferRun {
  readonly id: number;
  readonly locations: readonly string[];
  private readonly threads: CopyThreads;
  private readonly say: (message: FromTransferHost) => void;
  private readonly reports: GatheredReports;
  private readonly waiting: Piece[] = [];
  private width: number;
  private areLast = false;
  /** The last ones that came are waiting as a whole. */
  private isNextThere = false;
  private failure: TransferFailure | null = null;
  private hasEnded = false;

  constructor(
    { id, orders, sideBySide }: Extract<ToTransferHost, { op: 'run' }>,
    threads: CopyThreads,
    say: (message: FromTransferHost) => void,
  ) {
    this.id = id;
    this.locations = [...rootsOf(orders).keys()];
    this.threads = threads;
    this.say = say;
    this.width = sideBySide;
    this.reports = gatherReports((some) => say({ type: 'reports', id, reports: some }));
  }

  add({ orders, areLast }: Extract<ToTransferHost, { op: 'run' | 'more' }>): void {
    this.areLast = areLast;
    this.isNextThere = orders.length > 0;
    const isFresh = orders.every((order) => order.op === 'copy' && !order.isResumed);
    if (!isFresh || this.width === 1) this.waiting.push({ orders, isFresh });
    else for (const group of groupOrders(orders)) if (group.op === 'copy') this.waiting.push({ ...group, isFresh });
    this.goOn();
  }

  cancel(): void {
    this.threads.cancel(this.id);
    // Threads that are at work end by themselves.
    if (this.threads.areIdle) this.fail(toAppError(cancelled('The transfer')));
    this.goOn();
  }

  take(message: FromThreads): void {
    if (message.type === 'report') return this.reports.add(message.report);
    if (message.type === 'failed') this.fail(message.error);
    this.goOn();
  }

  private fail({ code, message, hint, location }: TransferFailure): void {
    // A drive that is gone says more than that the rest was given up.
    if (this.failure === null || code === 'LOCATION_OFFLINE') this.failure = { code, message, hint, location };
    this.waiting.length = 0;
  }

  private goOn(): void {
    if (this.hasEnded) return;
    while (this.giveNext()) {
      if (!this.isNextThere) continue;
      this.isNextThere = false;
      if (!this.areLast) this.say({ type: 'taken', id: this.id });
    }
    if (this.threads.areIdle && (this.failure !== null || (this.areLast && this.waiting.length === 0))) this.end();
  }

  private giveNext(): boolean {
    const [piece] = this.waiting;
    if (!piece) return false;
    if (!piece.isFresh && this.width > 1) {
      // What another thread is writing must not be taken for what an earlier run left.
      if (!this.threads.areIdle) return false;
      this.width = 1;
    }
    const { id, locations } = this;
    if (!this.threads.give({ id, locations, orders: piece.orders, isBeside: this.width > 1 }, this.width)) return false;
    this.waiting.shift();
    return true;
  }

  private end(): void {
    this.hasEnded = true;
    this.reports.flush();
    const { id, failure } = this;
    this.say(failure ? { type: 'failed', id, error: failure } : { type: 'ended', id });
  }
}
