import { type Api, apiEndpoints } from '../../contract/api.ts';
import type { CallOptions, Client, Endpoint, Endpoints } from '../../contract/endpoint.ts';
import { errorIn } from '../../contract/errors.ts';
import { sessionEndpoints } from '../../contract/session.ts';
import { ApiError, unreachable } from './api-error.ts';
import { firstAnswer } from './first-answers.ts';

type Input = Readonly<Record<string, unknown>>;

/** All that the page has of an endpoint: see vite.config.ts. */
type Address = Pick<Endpoint, 'method' | 'path'>;

/** Splits an input into what the path names and the rest. */
function addressOf(endpoint: Address, input: Input): { path: string; rest: Input } {
  const rest: Record<string, unknown> = { ...input };
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  return { path, rest };
}

function queryOf(input: Input): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined) query.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function requestOf(endpoint: Address, input: Input, options: CallOptions): { url: string; init: RequestInit } {
  const { path, rest } = addressOf(endpoint, input);
  const signal = options.signal instanceof AbortSignal ? { signal: options.signal } : {};
  const common: RequestInit = { method: endpoint.method, credentials: 'same-origin', ...signal };
  if (endpoint.method === 'GET') return { url: path + queryOf(rest), init: common };
  if (endpoint.method === 'DELETE') {
    return { url: path + queryOf(rest), init: { ...common, headers: { 'x-weightroom': '1' } } };
  }
  const headers = { 'content-type': 'application/json', 'x-weightroom': '1' };
  return { url: path, init: { ...common, headers, body: JSON.stringify(rest) } };
}

async function failureOf(response: Response): Promise<ApiError> {
  const error = errorIn(await response.json().catch(() => null));
  if (error) return new ApiError(error);
  return new ApiError({
    code: 'INTERNAL',
    kind: 'internal',
    message: `The server answered with status ${response.status} and no explanation.`,
  });
}

async function call(endpoint: Address, input: Input, options: CallOptions): Promise<unknown> {
  const { url, init } = requestOf(endpoint, input, options);
  const first = endpoint.method === 'GET' ? firstAnswer(url) : undefined;
  const asked = first?.catch(() => fetch(url, init)) ?? fetch(url, init);
  const response = await asked.catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw unreachable();
  });
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

/**
 * One function per endpoint, all to this page's own origin. Answers are not parsed again: page and server come from
 * one build, and a page of rows is asked for on every key stroke.
 */
function createClient<E extends Endpoints>(endpoints: E): Client<E> {
  const functions = Object.entries(endpoints).map(([name, endpoint]) => [
    name,
    (input: Input, options: CallOptions = {}) => call(endpoint, input, options),
  ]);
  return Object.fromEntries(functions) as Client<E>;
}

export const api: Api = createClient(apiEndpoints);
export const sessionApi: Client<typeof sessionEndpoints> = createClient(sessionEndpoints);
