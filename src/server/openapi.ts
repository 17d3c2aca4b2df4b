import { z } from 'zod';
import { apiEndpoints } from '../contract/api.ts';
import type { Endpoint } from '../contract/endpoint.ts';
import { errorBodySchema } from '../contract/error-body.ts';
import { errorCodes, errorKinds, httpStatusOf } from '../contract/errors.ts';
import { eventTypes } from '../contract/events.ts';
import { eventsPath } from '../contract/events-path.ts';
import { sessionEndpoints } from '../contract/session.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly [];
  readonly parameters: readonly OpenApiParameter[];
  readonly requestBody?: JsonSchema;
  readonly responses: JsonSchema;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly security: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: JsonSchema;
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** The whole HTTP interface as an OpenAPI 3.1 document, made from the contract alone. */
export function createOpenApiDocument(version: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>({ ...sessionEndpoints, ...apiEndpoints })) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(name, endpoint) };
  }
  paths[eventsPath] = { get: eventsOperation };
  return {
    openapi: '3.1.0',
    info: { title: 'Weightroom', version, description: errorTable() },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Or the cookie that /api/session sets.' },
      },
      schemas: { Error: schemaOf(errorBodySchema, 'output'), Event: eventSchema() },
      responses: { Error: jsonContent('What went wrong.', { $ref: '#/components/schemas/Error' }) },
    },
  };
}

function operationOf(name: string, endpoint: Endpoint): OpenApiOperation {
  const input = objectSchemaOf(endpoint.input);
  const inPath = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
  const takesBody = endpoint.method === 'POST' || endpoint.method === 'PATCH';
  const fields = Object.entries(input.properties);
  const inBody = takesBody ? fields.filter(([field]) => !inPath.includes(field)) : [];
  const parameters = fields
    .filter(([field]) => !takesBody || inPath.includes(field))
    .map(([field, schema]) => parameterOf(field, schema, inPath.includes(field), input.required.includes(field)));
  const error = { $ref: '#/components/responses/Error' };
  return {
    operationId: name,
    summary: endpoint.summary,
    ...(endpoint.open === true ? { security: [] } : {}),
    parameters,
    ...(inBody.length > 0 ? { requestBody: bodyOf(inBody, input.required) } : {}),
    responses: { 200: jsonContent('Done.', schemaOf(endpoint.output, 'output')), '4XX': error, '5XX': error },
  };
}

function parameterOf(name: string, schema: JsonSchema, isInPath: boolean, isRequired: boolean): OpenApiParameter {
  const { description, ...rest } = schema;
  return {
    name,
    in: isInPath ? 'path' : 'query',
    required: isInPath || isRequired,
    ...(typeof description === 'string' ? { description } : {}),
    ...(rest.type === 'array' ? { style: 'form', explode: false } : {}),
    schema: rest,
  };
}

function bodyOf(fields: readonly (readonly [string, JsonSchema])[], required: readonly string[]): JsonSchema {
  const names = fields.map(([name]) => name);
  const needed = required.filter((name) => names.includes(name));
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields),
    required: needed,
    additionalProperties: false,
  };
  return { required: needed.length > 0, content: { 'application/json': { schema } } };
}

const eventsOperation: OpenApiOperation = {
  operationId: 'events',
  summary: 'WebSocket: one JSON message per event, oldest first. Read only.',
  parameters: [
    {
      name: 'since',
      in: 'query',
      required: false,
      description:
        'Number of the last event that was seen; a `reset` message comes first when what followed is no longer kept.',
      schema: { type: 'integer', minimum: 0 },
    },
    {
      name: 'instance',
      in: 'query',
      required: false,
      description: 'Name of the process that number came from, as told by `reset`.',
      schema: { type: 'string' },
    },
  ],
  responses: {
    101: { description: 'Messages are of the schema Event.' },
    '4XX': { $ref: '#/components/responses/Error' },
  },
};

function eventSchema(): JsonSchema {
  const reset = z.object({ type: z.literal('reset'), seq: z.int(), instance: z.string() });
  const events = Object.entries(eventTypes).map(([type, [data, meaning]]) =>
    z.object({ seq: z.int(), atMs: z.number(), type: z.literal(type), data }).describe(meaning),
  );
  return { oneOf: [reset.describe('Ask for everything anew.'), ...events].map((schema) => schemaOf(schema, 'output')) };
}

function errorTable(): string {
  const rows = errorKinds.map((kind) => {
    const codes = Object.entries(errorCodes).filter(([, [codeKind]]) => codeKind === kind);
    return `- ${httpStatusOf[kind]} ${kind}: ${codes.map(([code]) => code).join(', ')}`;
  });
  return `Local engine of Weightroom. Failures by status and code:\n${rows.join('\n')}`;
}

function jsonContent(description: string, schema: JsonSchema): JsonSchema {
  return { description, content: { 'application/json': { schema } } };
}

function objectSchemaOf(schema: z.ZodType): ObjectSchema {
  const shape = z.object({
    properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    required: z.array(z.string()).default([]),
  });
  return shape.parse(schemaOf(schema, 'input'));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
