import { apiEndpoints } from '../../src/contract/api.ts';
import * as doctor from '../../src/contract/doctor.ts';
import * as hashing from '../../src/contract/hashing.ts';
import * as indexing from '../../src/contract/indexing.ts';
import * as locations from '../../src/contract/locations.ts';
import { sessionEndpoints } from '../../src/contract/session.ts';
import * as settings from '../../src/contract/settings.ts';
import * as sync from '../../src/contract/sync.ts';
import { code, fence, page, table } from './markdown.mjs';
import { createTypeNames, jsonSchemaOf, remark, typeText } from './schema-text.mjs';

const exported = Object.entries({ ...locations, ...indexing, ...sync, ...hashing, ...settings, ...doctor });
const schemas = exported.filter(([name]) => name.endsWith('Schema')).map(([name, schema]) => [typeName(name), schema]);

function typeName(name) {
  return name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length);
}

const types = { ...Object.fromEntries(schemas), ErrorCode: indexing.problemSchema.shape.code };

export function httpPage() {
  const names = createTypeNames(types);
  const sections = Object.entries({ ...apiEndpoints, ...sessionEndpoints }).flatMap(([name, endpoint]) =>
    endpointSection(name, endpoint, names),
  );
  return page('HTTP interface', ...introduction, ...sections, '## Types', ...typeSections(names));
}

const introduction = [
  'The server listens on this machine only. A request carries `Authorization: Bearer TOKEN` (the file `token` in the app-data folder, see [token.md](../formats/token.md)), or the cookie that `POST /api/session` sets. Requests that change something are sent as `application/json`. A `Host`, `Origin` or `Sec-Fetch-Site` of somewhere else is refused before any route is looked at.',
  'Fields of GET and DELETE go into the query, those of POST and PATCH into the body; `:name` in a path is a field too. An unknown field is refused. Lists in a query are separated by commas. Lists come in pages: pass `cursor` of one page to get the next; null means there is none. Failures: [errors.md](errors.md). Events over a WebSocket: [events.md](events.md). A running server serves the same as OpenAPI 3.1 at `/api/docs/openapi.json` and as a page at `/api/docs`.',
];

function endpointSection(name, endpoint, names) {
  const { method, path, summary, input, output, open } = endpoint;
  const fields = inputFields(input, path, method, names);
  const answer = typeText(jsonSchemaOf(output, 'output'), names, '', false);
  return [
    `## ${method} ${path}`,
    `${summary} Called \`${name}\` in the contract.${open ? ' Needs no token.' : ''}`,
    ...(fields.length > 0 ? [table(['Field', 'In', 'Type', 'Default', 'Meaning'], fields)] : []),
    'Answer:',
    fence('ts', answer),
  ];
}

function inputFields(input, path, method, names) {
  const raw = jsonSchemaOf(input, 'input');
  const parsed = jsonSchemaOf(input, 'output');
  const place = method === 'POST' || method === 'PATCH' ? 'body' : 'query';
  return Object.entries(raw.properties ?? {}).map(([name, schema]) => {
    const isRequired = raw.required?.includes(name) ?? false;
    const fallback = schema.default ?? parsed.properties[name]?.default;
    const text = typeText(parsed.properties[name] ?? schema, names, '', false);
    return [
      code(name),
      path.includes(`:${name}`) ? 'path' : place,
      text.includes('\n') ? 'see the contract' : code(text),
      fallback !== undefined ? code(JSON.stringify(fallback)) : isRequired ? 'required' : '',
      names.nameOf(parsed.properties[name] ?? schema) !== null && names.says(schema) ? '' : remark(schema, false),
    ];
  });
}

/** In the order of their names; a type may name others, so they are collected until nothing new turns up. */
function typeSections(names) {
  const written = new Map();
  for (;;) {
    const next = [...names.used].find((name) => !written.has(name));
    if (next === undefined) break;
    const schema = jsonSchemaOf(types[next], 'output');
    written.set(next, [
      `### ${next}`,
      ...(schema.description ? [schema.description] : []),
      fence('ts', body(schema, names)),
    ]);
  }
  return [...written.keys()].sort().flatMap((name) => written.get(name));
}

function body(schema, names) {
  if (schema.enum?.includes('INTERNAL')) return 'string  // one of the codes in errors.md';
  return typeText(schema, names).replace(/^\n/, '');
}
