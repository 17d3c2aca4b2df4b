import type { FastifyInstance } from 'fastify';
import { docsPage, docsStyle } from '../docs-page.ts';
import { jsonType } from '../error-response.ts';
import { createOpenApiDocument } from '../openapi.ts';

/** The description of the API: for programs as OpenAPI, for people as a page. Made on first use. */
export function bindDocsRoutes(app: FastifyInstance, version: string): void {
  let made: { json: string; page: string } | undefined;
  const docs = () => {
    if (made === undefined) {
      const document = createOpenApiDocument(version);
      made = { json: JSON.stringify(document, null, 2), page: docsPage(document) };
    }
    return made;
  };

  app.get('/api/docs', (request, reply) =>
    request.headers.accept?.includes('text/html')
      ? reply.type('text/html; charset=utf-8').send(docs().page)
      : reply.header('content-type', jsonType).send(docs().json),
  );
  app.get('/api/docs/openapi.json', (_request, reply) => reply.header('content-type', jsonType).send(docs().json));
  app.get('/api/docs/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(docsStyle));
}
