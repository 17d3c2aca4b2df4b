import { eventTypes } from '../../src/contract/events.ts';
import { eventsPath } from '../../src/contract/events-path.ts';
import { hashProgressSchema } from '../../src/contract/hashing.ts';
import { refreshResultSchema } from '../../src/contract/indexing.ts';
import { locationIdSchema, locationSchema } from '../../src/contract/locations.ts';
import { fence, page } from './markdown.mjs';
import { createTypeNames, jsonSchemaOf, typeText } from './schema-text.mjs';

export function eventsPage() {
  const names = createTypeNames({
    LocationId: locationIdSchema,
    Location: locationSchema,
    RefreshResult: refreshResultSchema,
    HashProgress: hashProgressSchema,
  });
  const sections = Object.entries(eventTypes).flatMap(([type, [schema, meaning]]) => [
    `## ${type}`,
    meaning,
    fence('ts', `data: ${typeText(jsonSchemaOf(schema, 'output'), names, '', false)}`),
  ]);
  return page(
    'Events',
    `A WebSocket at \`${eventsPath}\` sends one JSON message per event. How to connect, resume and tell a gap: [events.md](../formats/events.md). Types with a name are those of the [HTTP interface](http.md#types).`,
    fence('json', '{"seq":42,"atMs":1767225600000,"type":"location.removed","data":{"id":"nas"}}'),
    ...sections,
  );
}
