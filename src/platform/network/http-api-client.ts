import { Agent, type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import type { z } from 'zod';
import { type Api, apiEndpoints } from '../../contract/api.ts';
import type { CallOptions, Client, Endpoint, Endpoints } from '../../contract/endpoint.ts';
import { errorBodySchema } from '../../contract/error-body.ts';
import { AppError, cancelled } from '../../core/errors/app-error.ts';

export interface ServerAddress {
  /** As printed by the server: `http://127.0.0.1:PORT`. */
  readonly baseUrl: string;
  readonly token: string;
}

/**
 * The engine of a running server, behind the same interface as the one in this process. Calls wait for their answer
 * as long as it takes; errors are the `AppError`s the server answered with, or SERVER_UNREACHABLE.
 */
export function createHttpApi(server: ServerAddress): Api {
  return createHttpClient(server, apiEndpoints);
}

function createHttpClient<E extends Endpoints>(server: ServerAddress, endpoints: E): Client<E> {
  const functions = Object.keys(endpoints).map((name: keyof E & string) => {
    const endpoint: E[typeof name] = endpoints[name];
    const call = (input: Readonly<Record<string, unknown>>, options: CallOptions = {}) =>
      callEndpoint(server, endpoint, input, options);
    return [name, call];
  });
  return Object.fromEntries(functions);
}

async function callEndpoint<O extends z.ZodType>(
  server: ServerAddress,
  endpoint: Endpoint<z.ZodType, O>,
  input: Readonly<Record<string, unknown>>,
  options: CallOptions,
): Promise<z.output<O>> {
  const { status, text } = await exchange(server, endpoint, input, options);
  const answer = parseJson(text);
  if (status !== 200) {
    const failure = errorBodySchema.safeParse(answer);
    if (!failure.success) throw notUnderstood();
    const { code, message, hint } = failure.data.error;
    throw new AppError(code, message, { hint });
  }
  const output = endpoint.output.safeParse(answer);
  if (!output.success) throw notUnderstood(output.error);
  return output.data;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function exchange(
  server: ServerAddress,
  endpoint: Endpoint,
  input: Readonly<Record<string, unknown>>,
  options: CallOptions,
): Promise<Answer> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(cancelled('The request'));
  const { path, body } = writeRequest(endpoint, input);
  return new Promise((resolve, reject) => {
    // One connection per call: a kept one may just have been closed by the server when the next call uses it.
    const request = startRequest(new URL(path, server.baseUrl), {
      method: endpoint.method,
      agent: new Agent({ keepAlive: false }),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${server.token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    });
    const stop = abortOn(request, signal);
    const fail = (error: unknown) => reject(signal?.aborted ? cancelled('The request') : unreachable(server, error));
    request.once('response', (response) =>
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), fail),
    );
    request.on('error', fail);
    request.once('close', stop);
    request.end(body);
  });
}

function abortOn(request: ClientRequest, signal: AbortSignal | undefined): () => void {
  const abort = () => {
    request.destroy();
  };
  signal?.addEventListener('abort', abort, { once: true });
  return () => signal?.removeEventListener('abort', abort);
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Splits the flat input into path, query and body, the way contract/endpoint.ts says. */
function writeRequest(endpoint: Endpoint, input: Readonly<Record<string, unknown>>): { path: string; body?: string } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest.get(name);
    if (value === undefined || value === '') throw new AppError('INVALID_INPUT', `“${name}” is missing.`);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  if (endpoint.method === 'POST' || endpoint.method === 'PATCH') {
    return { path, body: JSON.stringify(Object.fromEntries(rest)) };
  }
  const query = new URLSearchParams();
  for (const [name, value] of rest) query.set(name, String(value));
  return { path: query.size === 0 ? path : `${path}?${query}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notUnderstood(cause?: unknown): AppError {
  return new AppError(
    'SERVER_UNREACHABLE',
    'The running server gave an answer that this program does not understand.',
    {
      hint: 'It may be another version of Weightroom: stop it and start it again.',
      cause,
    },
  );
}

function unreachable(server: ServerAddress, cause: unknown): AppError {
  return new AppError('SERVER_UNREACHABLE', `The Weightroom server at ${server.baseUrl} does not answer.`, {
    hint: 'It may have been stopped: run the command again, or start it with `weightroom serve`.',
    cause,
  });
}
