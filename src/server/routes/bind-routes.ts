import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors/app-error.ts';
import { jsonType } from '../error-response.ts';
import type { Route } from './route.ts';

export interface BindOptions {
  /** Also check every output against the contract; for tests and development, it costs time on long lists. */
  readonly checkOutput: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

export function bindRoutes(app: FastifyInstance, routes: readonly Route[], options: BindOptions): void {
  for (const route of routes) {
    const { method, path, open } = route.endpoint;
    app.route({
      method,
      url: path,
      config: { isOpen: open === true },
      async handler(request, reply) {
        const signal = method === 'GET' ? disconnectSignal(reply) : undefined;
        const answer = await route.call(inputOf(request), { signal });
        if (options.checkOutput) route.endpoint.output.parse(answer);
        reply.headers(route.answerHeaders?.(request.raw.socket.localPort ?? 0) ?? {});
        return reply.header('content-type', jsonType).send(JSON.stringify(answer));
      },
    });
  }
}

/** Parameters of the path together with the query, or with the body of POST and PATCH, as one flat object. */
function inputOf(request: FastifyRequest): Fields {
  const takesBody = request.method === 'POST' || request.method === 'PATCH';
  const params = fieldsOf(request.params);
  const rest = fieldsOf(takesBody ? request.body : request.query);
  const doubled = Object.keys(params).find((name) => Object.hasOwn(rest, name));
  if (doubled !== undefined)
    throw new AppError('INVALID_INPUT', `“${doubled}” is given twice, in the path and beside it.`);
  if (takesBody && Object.keys(fieldsOf(request.query)).length > 0) {
    throw new AppError('INVALID_INPUT', 'This operation takes its fields in the body, not in the address.');
  }
  return { ...rest, ...params };
}

function fieldsOf(value: unknown): Fields {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new AppError('INVALID_INPUT', 'The body of the request must be a JSON object.');
}

/** Aborts when the client goes away before it has its answer. Only for reading: a change that began goes on. */
function disconnectSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
