import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { httpStatusOf } from '../contract/errors.ts';
import { AppError, cancelled, toAppError } from '../core/errors/app-error.ts';
import { securityHeaders } from './security/response-headers.ts';

export const jsonType = 'application/json; charset=utf-8';

/**
 * Anything thrown while a request is answered, as what the client may be told. Errors of the web framework are about
 * the shape of the request; their own texts may name code and are replaced.
 */
export function toRequestError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled('The request');
  const { code, statusCode } = frameworkError(thrown);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new AppError('REQUEST_TOO_LARGE', 'The body of the request is larger than 1 MB.');
  }
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return new AppError('INVALID_INPUT', 'The body of the request is not valid JSON.');
  }
  if (code?.startsWith('FST_') && statusCode >= 400 && statusCode < 500) {
    return new AppError('INVALID_INPUT', 'The request is malformed.');
  }
  return toAppError(thrown);
}

function frameworkError(thrown: unknown): { code: string | undefined; statusCode: number } {
  if (!(thrown instanceof Error)) return { code: undefined, statusCode: 0 };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const statusCode = 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : 0;
  return { code, statusCode };
}

/** Answers a request that never reaches a route, and gives up its connection: its body is not read. */
export function refuse(response: ServerResponse, error: AppError): void {
  const body = JSON.stringify(error.toBody());
  response.writeHead(httpStatusOf[error.kind], {
    ...securityHeaders(),
    'content-type': jsonType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** The same for a bare socket: a refused upgrade, or bytes that are no HTTP request. */
export function refuseSocket(socket: Duplex, error: AppError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(error.toBody());
  const headers = Object.entries({
    ...securityHeaders(),
    'content-type': jsonType,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${httpStatusOf[error.kind]} Refused\r\n${lines}\r\n${body}`);
}
