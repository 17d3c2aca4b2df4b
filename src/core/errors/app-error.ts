import { type ErrorBody, type ErrorCode, type ErrorKind, errorCodes } from '../../contract/errors.ts';

export interface AppErrorOptions {
  /** What the person can do about it, one sentence. */
  readonly hint?: string | undefined;
  /** Location whose drive or file it was, where more than one takes part. */
  readonly location?: string | undefined;
  readonly cause?: unknown;
}

/**
 * What stops a caller. The message is one sentence for a person: what happened to which thing. Paths the user knows
 * may appear in it; stacks and paths of the program never do.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly location: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.location = options.location;
  }

  get kind(): ErrorKind {
    return errorCodes[this.code][0];
  }

  toBody(): ErrorBody {
    return {
      error: { code: this.code, kind: this.kind, message: this.message, ...(this.hint ? { hint: this.hint } : {}) },
    };
  }
}

/** Anything thrown, as an `AppError`; what is not one already is a bug and keeps its cause for the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('INTERNAL', 'Something went wrong inside Weightroom.', {
    hint: 'Please report it with what you did; your files were not changed by this.',
    cause: thrown,
  });
}

export function cancelled(what: string): AppError {
  return new AppError('CANCELLED', `${what} was cancelled.`);
}
