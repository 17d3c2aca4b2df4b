import { resolve } from 'node:path';
import { z } from 'zod';
import { driveSettingSchema, type Location, layoutSchema, locationIdSchema } from '../../contract/locations.ts';
import { type Command, type CommandOption, defineCommand } from '../command.ts';
import { formatBytes, formatCount, formatTime, plural } from '../output/format.ts';
import type { Look } from '../output/look.ts';
import { renderTable } from '../output/table.ts';
import { printable } from '../output/width.ts';

const notFound = { 4: 'No location has this id.' };
const idArgument = { term: '<id>', summary: 'Id of the location, as `weightroom location list` shows it.' };
const nameSchema = z.string().trim().min(1, 'give a name').max(80, 'use 80 characters at most');

const propertyOptions: readonly CommandOption[] = [
  { flags: '--name <name>', summary: 'Name to show.' },
  { flags: '--layout <layout>', summary: '`comfyui` (first folder is the category), `library` or `plain`.' },
  { flags: '--drive <kind>', summary: '`auto`, `ssd`, `hdd` or `network`.' },
  { flags: '--allow-delete', summary: 'Let Weightroom delete files there after you confirmed.' },
  { flags: '--undo-deletes', summary: 'Keep deleted files aside on the same drive for a day.' },
  { flags: '--type-to-delete', summary: 'Deleting there needs a typed word.' },
];

export function describeState(location: Location): string {
  const { state } = location;
  if (state.kind === 'offline' || state.kind === 'attention') return `${state.kind}: ${state.message}`;
  return state.kind;
}

function paintState(location: Location, look: Look) {
  if (location.state.kind === 'online') return look.green;
  return location.state.kind === 'offline' ? look.red : look.yellow;
}

function* describeLocation(location: Location, look: Look): Iterable<string> {
  const { index, volume } = location;
  const rows: readonly (readonly [string, string])[] = [
    ['id', location.id],
    ['name', location.name],
    ['path', location.path],
    ['layout', location.layout],
    ['state', describeState(location)],
    ['drive', `${location.driveKind} (${location.drive === 'auto' ? 'found out' : 'set'})`],
    ['free', volume?.freeBytes == null ? 'unknown' : formatBytes(volume.freeBytes)],
    ['deleting', deletingWords(location)],
    [
      'index',
      index.scannedAtMs === null ? 'never read' : `${plural(index.files, 'file')}, ${formatBytes(index.bytes)}`,
    ],
  ];
  for (const [label, value] of rows) yield `${look.dim(label.padEnd(9))} ${printable(value)}`;
}

const listLocations = defineCommand({
  path: 'location list',
  summary: 'List all locations with their state and index totals.',
  examples: [
    { line: 'weightroom location list', meaning: 'Which folders Weightroom knows, and whether they are there.' },
  ],
  input: () => z.object({}),
  async run(_input, session) {
    const { api } = await session.engine();
    const { locations } = await api.listLocations({});
    // Nobody has looked yet when the engine was started for this command.
    const looked = locations.map((location) =>
      location.state.kind === 'checking' ? api.checkLocation({ id: location.id }) : location,
    );
    return { locations: await Promise.all(looked) };
  },
  json: (result) => ({ value: result }),
  *text({ locations }, look) {
    if (locations.length === 0) {
      yield 'No locations yet. Add one: weightroom location add PATH';
      return;
    }
    yield* renderTable<Location>(
      [
        { title: 'Id', cell: ({ id }) => id, paint: () => look.bold },
        { title: 'State', cell: describeState, shrinks: true, paint: (location) => paintState(location, look) },
        {
          title: 'Files',
          align: 'right',
          cell: ({ index }) => (index.scannedAtMs === null ? '—' : formatCount(index.files)),
        },
        {
          title: 'Size',
          align: 'right',
          cell: ({ index }) => (index.scannedAtMs === null ? '—' : formatBytes(index.bytes)),
        },
        { title: 'Read', cell: ({ index }) => (index.scannedAtMs === null ? 'never' : formatTime(index.scannedAtMs)) },
        { title: 'Path', cell: ({ path }) => path, shrinks: true },
      ],
      locations,
      look,
    );
  },
});

function deletingWords({ allowDelete, undoDeletes, typeToDelete }: Location): string {
  if (!allowDelete) return 'not allowed';
  return `allowed after ${typeToDelete ? 'a typed ' : ''}confirmation${undoDeletes ? ', can be undone for a day' : ''}`;
}

const addLocation = defineCommand({
  path: 'location add',
  summary: 'Add a folder as a location. Nothing is written into it.',
  args: [{ term: '<path>', summary: 'The folder; for ComfyUI its `models` folder.' }],
  options: [{ flags: '--id <id>', summary: 'Short id; made from the name when left out.' }, ...propertyOptions],
  examples: [
    { line: 'weightroom location add /mnt/nas/models --id nas --name "NAS"', meaning: 'Add a network share.' },
    { line: 'weightroom location add D:\\ComfyUI\\models --drive ssd', meaning: 'Add a folder on Windows.' },
  ],
  exits: {
    4: 'The folder does not exist.',
    5: 'The id is taken, or the folder lies inside another location or around one.',
    6: 'The folder may not be read.',
    7: 'The folder does not answer.',
  },
  input: () =>
    z.object({
      path: z.string().min(1, 'give the path of a folder'),
      id: locationIdSchema.optional(),
      name: nameSchema.optional(),
      layout: layoutSchema.optional(),
      drive: driveSettingSchema.optional(),
      allowDelete: z.boolean().optional(),
      undoDeletes: z.boolean().optional(),
      typeToDelete: z.boolean().optional(),
    }),
  async run({ path, ...rest }, session) {
    const { api } = await session.engine();
    return api.addLocation({ path: resolve(session.host.cwd, path), ...rest }, { signal: session.signal });
  },
  json: (location) => ({ value: location }),
  *text(location, look) {
    yield* describeLocation(location, look);
    yield '';
    yield `Read it next: weightroom index refresh ${location.id}`;
  },
});

const editLocation = defineCommand({
  path: 'location edit',
  summary: 'Rename a location, point it at another folder or change its settings. Its files are not touched.',
  args: [idArgument],
  options: [
    { flags: '--path <path>', summary: 'Another folder; it is read anew.' },
    ...propertyOptions,
    { flags: '--no-allow-delete', summary: 'Never delete files there.' },
    { flags: '--no-undo-deletes', summary: 'Deleted files are gone at once.' },
    { flags: '--no-type-to-delete', summary: 'Deleting is confirmed without typing.' },
  ],
  examples: [
    { line: 'weightroom location edit nas --name "Big NAS" --drive network', meaning: 'Change name and drive.' },
    { line: 'weightroom location edit nas --path /mnt/new-nas/models', meaning: 'The models have moved.' },
  ],
  exits: {
    4: 'No location has this id, or the new folder does not exist.',
    5: 'The location comes from the environment, .env or the settings file; or the new folder overlaps another one.',
  },
  input: () =>
    z
      .object({
        id: locationIdSchema,
        path: z.string().min(1, 'give the path of a folder').optional(),
        name: nameSchema.optional(),
        layout: layoutSchema.optional(),
        drive: driveSettingSchema.optional(),
        allowDelete: z.boolean().optional(),
        undoDeletes: z.boolean().optional(),
        typeToDelete: z.boolean().optional(),
      })
      .refine(({ id: _id, ...changes }) => Object.values(changes).some((value) => value !== undefined), {
        path: ['name'],
        message: 'nothing to change; give at least one option',
      }),
  async run({ path, ...rest }, session) {
    const { api } = await session.engine();
    return api.editLocation({ ...rest, ...(path === undefined ? {} : { path: resolve(session.host.cwd, path) }) });
  },
  json: (location) => ({ value: location }),
  text: describeLocation,
});

const removeLocation = defineCommand({
  path: 'location remove',
  summary: 'Forget a location and its index. Its files are not touched.',
  args: [idArgument],
  examples: [{ line: 'weightroom location remove nas', meaning: 'Weightroom forgets the share; every file stays.' }],
  exits: { ...notFound, 5: 'The location comes from the environment, .env or the settings file; remove it there.' },
  input: () => z.object({ id: locationIdSchema }),
  run: async (input, session) => (await session.engine()).api.removeLocation(input),
  json: (result) => ({ value: result }),
  text: ({ removed }) => [`Forgot ${removed}. Its files are untouched.`],
});

const checkLocation = defineCommand({
  path: 'location check',
  summary: 'Look again whether a location can be reached.',
  args: [idArgument],
  examples: [{ line: 'weightroom location check lake', meaning: 'After mounting the share.' }],
  exits: { ...notFound, 7: 'The location cannot be reached.' },
  input: () => z.object({ id: locationIdSchema }),
  run: async (input, session) => (await session.engine()).api.checkLocation(input, { signal: session.signal }),
  json: (location) => ({ value: location }),
  text: describeLocation,
  exitStatus: ({ state }) => (state.kind === 'offline' ? 7 : 0),
});

const acceptLocation = defineCommand({
  path: 'location accept',
  summary: 'Confirm that files missing from an empty or shrunken location are really gone.',
  notes: ['Until then its index stays as it was and nothing is planned from its absence.'],
  args: [idArgument],
  examples: [{ line: 'weightroom location accept local', meaning: 'After moving half of the models away yourself.' }],
  exits: notFound,
  input: () => z.object({ id: locationIdSchema }),
  run: async (input, session) => (await session.engine()).api.acceptLocation(input, { signal: session.signal }),
  json: (location) => ({ value: location }),
  text: describeLocation,
});

export const locationCommands: readonly Command[] = [
  listLocations,
  addLocation,
  editLocation,
  removeLocation,
  checkLocation,
  acceptLocation,
];
