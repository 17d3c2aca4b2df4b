import { z } from 'zod';

/**
 * One operation of the engine, as data. The server turns it into a route, the client into a function, the reference
 * into a page; the command line calls the same operation in-process or over HTTP without knowing which.
 *
 * `input` is one flat object: names in `path` (`:id`) are path parameters, the rest is the query (GET, DELETE) or the
 * JSON body (POST, PATCH). Input schemas of GET must therefore accept strings (`z.coerce`, `listOf`, `flag`).
 */
export interface Endpoint<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  /** Reachable without a token (the token exchange itself, the liveness probe). */
  readonly open?: boolean;
}

interface EndpointDefinition<I extends z.ZodType, O extends z.ZodType>
  extends Omit<Endpoint<I, O>, 'input' | 'output'> {
  readonly input: () => I;
  readonly output: () => O;
}

/** Schemas are made when first asked for: all of them together take as long as half a command, which needs two. */
export function defineEndpoint<I extends z.ZodType, O extends z.ZodType>(
  definition: EndpointDefinition<I, O>,
): Endpoint<I, O> {
  const { input, output, ...rest } = definition;
  let madeInput: I | undefined;
  let madeOutput: O | undefined;
  return {
    ...rest,
    get input() {
      madeInput ??= input();
      return madeInput;
    },
    get output() {
      madeOutput ??= output();
      return madeOutput;
    },
  };
}

export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Per-call extras that are not part of the wire. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a feature implements: the parsed input goes in, the output comes out. */
export type Handlers<E extends Endpoints> = {
  readonly [K in keyof E]: (input: z.output<E[K]['input']>, options?: CallOptions) => Promise<z.input<E[K]['output']>>;
};

/** What a caller holds: raw input goes in (defaults apply), the output comes back. Server or not makes no difference. */
export type Client<E extends Endpoints> = {
  readonly [K in keyof E]: (input: z.input<E[K]['input']>, options?: CallOptions) => Promise<z.output<E[K]['output']>>;
};

/** A list in a query string: `a,b` or repeated keys. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : value,
    z.array(item),
  );
}

/** A boolean in a query string: `true`, `1`, `yes` or an empty value mean yes. */
export function flag() {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    if (['', '1', 'true', 'yes', 'on'].includes(value.toLowerCase())) return true;
    if (['0', 'false', 'no', 'off'].includes(value.toLowerCase())) return false;
    return value;
  }, z.boolean());
}
