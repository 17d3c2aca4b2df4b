import { resolve } from 'node:path';
import { z } from 'zod';
import type { HeaderSide } from '../../contract/headers.ts';
import { entryIdOf } from '../../core/catalog/entry-id.ts';
import { AppError } from '../../core/errors/app-error.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import { placeOf } from '../location-of-path.ts';
import { formatBytes, formatCount } from '../output/format.ts';
import type { Look } from '../output/look.ts';
import { printable } from '../output/width.ts';

/** Files are named by path; what is read is the entry of the location that the path lies in. */
async function entryAt(path: string, session: Session): Promise<string> {
  const { api } = await session.engine();
  const { locations } = await api.listLocations({});
  const place = placeOf(resolve(session.host.cwd, path), locations);
  if (place) return entryIdOf(place.location, place.relPath);
  throw new AppError('INVALID_INPUT', `“${path}” lies in none of your locations.`, {
    hint: 'Add the folder first: weightroom location add PATH',
  });
}

const shortest = 18;

function* describe({ relPath, header, problem }: HeaderSide, look: Look): Iterable<string> {
  yield look.bold(printable(relPath));
  if (problem) yield look.red(printable(problem.message));
  if (header === null) return;
  const line = (label: string, value: string): string => `${look.dim(label.padEnd(shortest))} ${printable(value)}`;
  yield line('format', header.format);
  for (const { key, value } of header.facts) yield line(key.toLowerCase(), value);
  if (header.tensorCount !== null) {
    yield line('tensors', formatCount(header.tensorCount));
    yield line('parameters', formatCount(header.parameters ?? 0));
    yield line('types', header.dtypes.map(({ dtype, tensors }) => `${dtype} (${formatCount(tensors)})`).join(', '));
    yield line('header', formatBytes(header.headerBytes));
  }
  for (const warning of header.warnings) yield look.yellow(printable(warning));
  for (const { key, value } of header.metadata) yield `  ${look.dim(printable(key))} ${printable(value.slice(0, 200))}`;
}

const inspect = defineCommand({
  path: 'inspect',
  summary: 'Show what a model file says of itself: format, metadata, tensors; of two files, what differs.',
  notes: ['Only the header is read, whatever the size of the file. Files are given by path inside a location.'],
  args: [
    { term: '<file>', summary: 'A file inside one of your locations.' },
    { term: '[other]', summary: 'Another one to compare it with.' },
  ],
  examples: [
    { line: 'weightroom inspect models/loras/style.safetensors', meaning: 'Its metadata and tensors.' },
    { line: 'weightroom inspect models/a.gguf /mnt/nas/models/a.gguf', meaning: 'What differs between the two.' },
  ],
  exits: { 4: 'The file does not exist.', 6: 'The file may not be read.', 7: 'The location cannot be reached.' },
  input: () => z.object({ file: z.string().min(1), other: z.string().min(1).optional() }),
  async run({ file, other }, session) {
    const { api } = await session.engine();
    const a = await entryAt(file, session);
    if (other === undefined) return { side: await api.readHeader({ id: a }), compared: null };
    const compared = await api.compareHeaders({ a, b: await entryAt(other, session) });
    return { side: compared.a, compared };
  },
  json: ({ side, compared }) => ({ value: compared ?? side }),
  *text({ side, compared }, look) {
    yield* describe(side, look);
    if (compared === null) return;
    yield '';
    yield* describe(compared.b, look);
    yield '';
    yield compared.differencesTotal === 0
      ? 'Nothing differs between the headers.'
      : `${formatCount(compared.differencesTotal)} differences:`;
    for (const { what, key, a, b } of compared.differences) {
      yield `  ${what} ${look.bold(printable(key))}: ${printable((a ?? '—').slice(0, 120))} | ${printable((b ?? '—').slice(0, 120))}`;
    }
  },
});

export const headerCommands: readonly Command[] = [inspect];
