import { AppError } from '../errors/app-error.ts';
import type { TransferContext } from './transfer-context.ts';

/** Makes a call that concerns one location: who waits for it knows whom it is about, and so does its error. */
export type Side = <T>(call: () => T) => T;

export function sideOf(context: TransferContext, location: string): Side {
  return (call) => {
    context.touch(location);
    try {
      return call();
    } catch (thrown) {
      throw locatedAt(thrown, location);
    }
  };
}

function locatedAt(thrown: unknown, location: string): unknown {
  if (!(thrown instanceof AppError) || thrown.location !== undefined) return thrown;
  return new AppError(thrown.code, thrown.message, { hint: thrown.hint, cause: thrown.cause, location });
}

/** Ends the whole run: the user's wish, or a drive that is gone. Anything that is no `AppError` is a bug and does too. */
export function stopsAll(thrown: unknown): boolean {
  return !(thrown instanceof AppError) || thrown.code === 'CANCELLED' || thrown.code === 'LOCATION_OFFLINE';
}

export function isCode(thrown: unknown, ...codes: readonly AppError['code'][]): boolean {
  return thrown instanceof AppError && codes.includes(thrown.code);
}

/** Runs a clean-up: its failures, drives that are gone included, matter less than what led to it. */
export function quietly(call: () => void): void {
  try {
    call();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

/** What the call answers, or null where there is no such file. */
export function orNull<T>(call: () => T): T | null {
  try {
    return call();
  } catch (thrown) {
    if (isCode(thrown, 'FILE_NOT_FOUND')) return null;
    throw thrown;
  }
}
