import { AppError, toAppError } from '../../core/errors/app-error.ts';
import type { TransferReport } from '../../core/ports/transfer-files.ts';
import type { HostedCall } from './hosted-process.ts';
import { tookTooLong } from './stuck-processes.ts';
import type { FromTransferHost } from './transfer-protocol.ts';

export interface TransferToWatch {
  /** Roots by location. */
  readonly roots: ReadonlyMap<string, string>;
  readonly onReports: (reports: readonly TransferReport[]) => void;
  readonly silenceDeadlineMs: number;
  readonly flushDeadlineMs: number;
  readonly isPaused: () => boolean;
  /** An order is done: each of the drives has answered. */
  readonly onAnswer: () => void;
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

  /** What the receiver throws rejects the run when it has ended: until then its process changes files. */
  function passOn(reports: readonly TransferReport[]): void {
    if (refusal) return;
    try {
      onReports(reports);
    } catch (thrown) {
      refusal = toAppError(thrown);
      transfer.stop();
    }
  }

  function onMessage(message: FromTransferHost): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'alive':
        touched = message.location || touched;
        isFlushing = message.isFlushing;
        return;
      case 'reports':
        if (message.reports.some(({ type }) => type === 'done')) transfer.onAnswer();
        return passOn(message.reports);
      case 'ended':
        return refusal ? reject(refusal) : resolve();
      case 'failed': {
        const { code, message: text, hint, location } = message.error;
        return reject(refusal ?? new AppError(code, text, { hint, location }));
      }
    }
  }

  const call: HostedCall<FromTransferHost> = {
    deadlineMs: () => (isFlushing ? flushDeadlineMs : silenceDeadlineMs),
    mayBeSilent: transfer.isPaused,
    onSilence: () => {
      if (touched === null) return new AppError('IO_FAILED', 'The process that carries out transfers does not answer.');
      return tookTooLong(roots.get(touched) ?? touched, isFlushing ? 'store what was written' : 'answer', touched);
    },
    isLast: ({ type }) => type === 'ended' || type === 'failed',
    onMessage,
    reject: (error) => reject(refusal ?? error),
  };
  return { call, end: promise };
}
