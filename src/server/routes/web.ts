import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebFile, WebFiles } from '../web-files.ts';
import { routeNotFound } from './route-not-found.ts';

/** The page itself: readable by anyone on this machine, it holds nothing of the user's. */
export function bindWebRoutes(app: FastifyInstance, files: WebFiles): void {
  app.get<{ Params: { '*': string } }>('/*', { config: { isOpen: true } }, async (request, reply) => {
    const path = `/${request.params['*']}`;
    const address = isPageAddress(path, request) ? '/index.html' : path;
    if (address === '/index.html' || files.find(address) === undefined) await files.refresh();
    const file = files.find(address);
    if (file === undefined) throw routeNotFound(files.isEmpty ? notBuilt : undefined);
    return sendFile(file, request, reply);
  });
}

const notBuilt = 'The web page is not built: run `npm run build`.';

/** The start page, and addresses of the page's own router, like `/sync`, when a browser asks. */
function isPageAddress(path: string, request: FastifyRequest): boolean {
  if (path === '/') return true;
  const acceptsHtml = request.headers.accept?.includes('text/html') ?? false;
  return acceptsHtml && !path.slice(path.lastIndexOf('/')).includes('.');
}

function sendFile(file: WebFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('etag', file.etag);
  reply.header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.type(file.type).send(file.body);
}
