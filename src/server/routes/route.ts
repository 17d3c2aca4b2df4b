import type { CallOptions, Endpoint, Endpoints, Handlers } from '../../contract/endpoint.ts';
import { parseInput } from './parse-input.ts';

/** One operation as the server sees it: raw input in, JSON-ready output out. */
export interface Route {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Headers of a successful answer, beside the usual ones. */
  readonly answerHeaders?: (port: number) => Readonly<Record<string, string>>;
  /** Throws INVALID_INPUT before anything happens when `input` does not fit the contract. */
  call(input: Readonly<Record<string, unknown>>, options: CallOptions): Promise<unknown>;
}

export type RoutesOf<E extends Endpoints> = (handlers: Handlers<E>) => readonly Route[];

/** The routes of one feature, waiting for what implements them. */
export function defineRoutes<E extends Endpoints>(endpoints: E): RoutesOf<E> {
  return (handlers) =>
    Object.keys(endpoints).map((name: keyof E & string) => {
      const endpoint: E[typeof name] = endpoints[name];
      return {
        name,
        endpoint,
        call: async (input, options) =>
          handlers[name](parseInput<E[typeof name]['input']>(endpoint.input, input), options),
      };
    });
}
