import { AppError, toAppError } from '../../core/errors/app-error.ts';
import type { TransferReport } from '../../core/ports/transfer-files.ts';
import type { HostedCall } from './hosted-process.ts';
import { tookTooLong } from './stuck-processes.ts';
import type { FromTransferHost } from './transfer-protocol.ts';

export interface TransferToWatch {
  /** Roots by location. */
  readonly roots: ReadonlyMap<string, string>;
  /** How many there are at first. */
  readonly orders: number;
  readonly onReports: (reports: readonly TransferReport[]) => void;
  readonly silenceDeadlineMs: number;
  readonly flushDeadlineMs: number;
  readonly isPaused: () => boolean;
  /** An order is done: each of the drives has answered. */
  readonly onAnswer: () => void;
  /** Sends the orders that follow, and tells how many these are. */
  readonly more: () => Promise<number>;
  /** Nobody takes the reports any more: the run is to come to an end. */
  readonly stop: () => void;
}

export interface WatchedTransfer {
  readonly call: HostedCall<FromTransferHost>;
  readonly end: Promise<void>;
}

/** One run of orders, as its process tells of it: which drive it is at, and how long that one may be silent. */
export function watchTransfer(transfer: TransferToWatch): WatchedTransfer {
  const { roots, onReports, silenceDeadlineMs, flushDeadlineMs } = transfer;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let touched: string | null = null;
  let isFlushing = false;
  let refusal: AppError | null = null;
  /** Orders that were sent and have no final report. */
  let underWay = transfer.orders;
  let isOver = false;

  /** What the program throws rejects the run when it has ended: until then its process changes files. */
  function refuse(thrown: unknown): void {
    if (isOver) return;
    refusal ??= toAppError(thrown);
    transfer.stop();
  }

  function passOn(reports: readonly TransferReport[]): void {
    underWay -= reports.filter(({ type }) => type !== 'moved-on').length;
    if (refusal) return;
    try {
      onReports(reports);
    } catch (thrown) {
      refuse(thrown);
    }
  }

  function fail(error: AppError): void {
    isOver = true;
    reject(refusal ?? error);
  }

  async function sendMore(): Promise<void> {
    underWay += await transfer.more();
  }

  function onMessage(message: FromTransferHost): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'taken':
        return void sendMore().catch(refuse);
      case 'alive':
        touched = message.location || touched;
        isFlushing = message.isFlushing;
        return;
      case 'reports':
        if (message.reports.some(({ type }) => type === 'done')) transfer.onAnswer();
        return passOn(message.reports);
      case 'ended':
        isOver = true;
        return refusal ? reject(refusal) : resolve();
      case 'failed': {
        const { code, message: text, hint, location } = message.error;
        return fail(new AppError(code, text, { hint, location }));
      }
    }
  }

  const call: HostedCall<FromTransferHost> = {
    deadlineMs: () => (isFlushing ? flushDeadlineMs : silenceDeadlineMs),
    // With nothing to do it waits for the program.
    mayBeSilent: () => transfer.isPaused() || underWay === 0,
    onSilence: () => {
      if (touched === null) return new AppError('IO_FAILED', 'The process that carries out transfers does not answer.');
      return tookTooLong(roots.get(touched) ?? touched, isFlushing ? 'store what was written' : 'answer', touched);
    },
    isLast: ({ type }) => type === 'ended' || type === 'failed',
    onMessage,
    reject: fail,
  };
  return { call, end: promise };
}
