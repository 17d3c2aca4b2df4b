import fastify, { type FastifyInstance } from 'fastify';
import type { ApiHandlers } from '../contract/api.ts';
import { httpStatusOf } from '../contract/errors.ts';
import { jsonType, toRequestError } from './error-response.ts';
import { bindRoutes } from './routes/bind-routes.ts';
import { dedupeRoutes } from './routes/dedupe.ts';
import { bindDocsRoutes } from './routes/docs.ts';
import { doctorRoutes } from './routes/doctor.ts';
import { folderRoutes } from './routes/folders.ts';
import { hashRoutes } from './routes/hashing.ts';
import { headerRoutes } from './routes/headers.ts';
import { indexRoutes } from './routes/indexing.ts';
import { locationRoutes } from './routes/locations.ts';
import { mirrorRoutes } from './routes/mirror.ts';
import { queueRoutes } from './routes/queue.ts';
import { routeNotFound } from './routes/route-not-found.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { syncRoutes } from './routes/sync.ts';
import { bindWebRoutes } from './routes/web.ts';
import type { SessionKey } from './security/session-key.ts';
import type { WebFiles } from './web-files.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reachable without a token. Every other route, known or not, asks for one. */
    isOpen?: boolean;
  }
}

export interface ApplicationOptions {
  readonly handlers: ApiHandlers;
  readonly key: SessionKey;
  readonly version: string;
  readonly webFiles: WebFiles;
  readonly checkOutput: boolean;
  readonly onInternalError: (error: unknown) => void;
}

export interface RegisteredRoute {
  readonly method: string;
  readonly url: string;
  readonly isOpen: boolean;
}

export interface Application {
  readonly app: FastifyInstance;
  /** Everything the router knows, for tests that must miss nothing. */
  readonly routes: readonly RegisteredRoute[];
}

export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const app: FastifyInstance = fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 8_192 },
  });
  const routes = recordRoutes(app);
  acceptJsonOnly(app);
  answerErrors(app, options.onInternalError);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config?.isOpen === true) return;
    options.key.requireAuthorized(request.headers, request.raw.socket.localPort ?? 0);
  });
  bindRoutes(app, apiRoutes(options), options);
  bindDocsRoutes(app, options.version);
  bindWebRoutes(app, options.webFiles);
  await app.ready();
  return { app, routes };
}

function apiRoutes({ handlers, key, version }: ApplicationOptions) {
  return [
    ...sessionRoutes(key, version),
    ...locationRoutes(handlers),
    ...indexRoutes(handlers),
    ...syncRoutes(handlers),
    ...hashRoutes(handlers),
    ...settingsRoutes(handlers),
    ...doctorRoutes(handlers),
    ...folderRoutes(handlers),
    ...headerRoutes(handlers),
    ...queueRoutes(handlers),
    ...mirrorRoutes(handlers),
    ...dedupeRoutes(handlers),
  ];
}

function recordRoutes(app: FastifyInstance): readonly RegisteredRoute[] {
  const routes: RegisteredRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat()) routes.push({ method: each, url, isOpen: config?.isOpen === true });
  });
  return routes;
}

function acceptJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parseJson(request, body, done);
  });
}

function answerErrors(app: FastifyInstance, onInternalError: (error: unknown) => void): void {
  app.setErrorHandler((thrown, _request, reply) => {
    const error = toRequestError(thrown);
    if (error.kind === 'internal') onInternalError(error.cause ?? error);
    return reply.code(httpStatusOf[error.kind]).header('content-type', jsonType).send(JSON.stringify(error.toBody()));
  });
  app.setNotFoundHandler(() => {
    throw routeNotFound();
  });
  for (const url of ['/api', '/api/*']) {
    app.get(url, () => {
      throw routeNotFound();
    });
  }
}
