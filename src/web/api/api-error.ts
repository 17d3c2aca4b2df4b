import type { ErrorCode, ErrorKind } from '../../contract/errors.ts';

/** `UNREACHABLE`: the program on this machine did not answer at all. */
export type ClientErrorCode = ErrorCode | 'UNREACHABLE';

/** A failed call, in the words of the server. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ClientErrorCode;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(failure: { code: ClientErrorCode; kind: ErrorKind; message: string; hint?: string | undefined }) {
    super(failure.message);
    this.code = failure.code;
    this.kind = failure.kind;
    this.hint = failure.hint;
  }
}

export function unreachable(): ApiError {
  return new ApiError({
    code: 'UNREACHABLE',
    kind: 'unavailable',
    message: 'Weightroom does not answer.',
    hint: 'Look whether `weightroom serve` is still running; the page goes on by itself once it answers.',
  });
}

export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError({ code: 'INTERNAL', kind: 'internal', message: `Something went wrong on this page: ${message}` });
}
