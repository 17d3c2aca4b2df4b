import { toAppError } from '../errors/app-error.ts';
import type { TransferContext } from './transfer-context.ts';

export interface Failure {
  readonly n: number;
  readonly thrown: unknown;
  /** Of the order, where the error does not say whose fault it was. */
  readonly location: string;
}

export function reportFailure(context: TransferContext, { n, thrown, location }: Failure): void {
  const { code, message, hint, location: blamed } = toAppError(thrown);
  context.report({ n, type: 'failed', code, message, hint: hint ?? null, location: blamed ?? location });
}
