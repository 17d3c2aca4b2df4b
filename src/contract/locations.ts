import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { driveSettings, layouts } from './location-words.ts';

/** Written in any case: `Local` is `local`. */
export const locationIdSchema = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use letters, digits and dashes, 40 at most')
  .describe('Short stable name of a location: `local`, `lake` or one chosen when it was added.');

export const layoutSchema = z.enum(layouts);

export const driveSettingSchema = z.enum(driveSettings);

export const driveKindSchema = z.enum(['ssd', 'hdd', 'network', 'removable', 'unknown']);

/** Where the definition of a location lives. Only `user` ones are changed through the API. */
export const locationOriginSchema = z.enum(['environment', 'env-file', 'settings-file', 'demo', 'user']);

export const locationStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('online') }),
  z.object({
    kind: z.literal('offline'),
    reason: z
      .enum(['missing', 'not-a-folder', 'no-permission', 'not-answering', 'unmounted', 'error'])
      .describe('`unmounted`: the mount point is there but the drive is not.'),
    message: z.string(),
    sinceMs: z.number().describe('Unix time in milliseconds.'),
  }),
  z.object({
    kind: z.literal('attention'),
    reason: z.enum(['empty', 'shrunken']).describe('More than half of the indexed files are gone at once.'),
    message: z.string(),
    indexedFiles: z.int(),
    missingFiles: z.int(),
  }),
]);

export const volumeSchema = z.object({
  fileSystem: z.string().describe('Name of the file system, `unknown` where the platform does not tell.'),
  freeBytes: z.number().nullable(),
  totalBytes: z.number().nullable(),
  caseSensitive: z.boolean().nullable().describe('null: not known yet (nothing there to test with).'),
  unicodeSensitive: z.boolean().describe('false where `é` composed and decomposed are one name.'),
  readOnly: z.boolean().nullable(),
});

export const locationSchema = z.object({
  id: locationIdSchema,
  name: z.string(),
  path: z.string().describe('Absolute path of the root, as given.'),
  layout: layoutSchema,
  allowDelete: z.boolean(),
  undoDeletes: z.boolean().describe('Deleted files are kept aside on the same drive for a day, to be put back.'),
  typeToDelete: z.boolean().describe('Deleting there needs the typed word DELETE.'),
  drive: driveSettingSchema,
  driveKind: driveKindSchema.describe('What `drive` comes down to.'),
  origin: locationOriginSchema,
  state: locationStateSchema,
  volume: volumeSchema.nullable(),
  index: z.object({
    files: z.int(),
    bytes: z.number(),
    folders: z.int(),
    problems: z.int(),
    scannedAtMs: z.number().nullable().describe('End of the last complete refresh; null: never.'),
    refreshing: z.boolean(),
    hashedFiles: z.int(),
  }),
});

export type Location = z.infer<typeof locationSchema>;
export type LocationState = z.infer<typeof locationStateSchema>;
export type Volume = z.infer<typeof volumeSchema>;
export type DriveKind = z.infer<typeof driveKindSchema>;
export type LocationOrigin = z.infer<typeof locationOriginSchema>;

const byId = z.object({ id: locationIdSchema });

export const locationEndpoints = {
  listLocations: defineEndpoint({
    method: 'GET',
    path: '/api/locations',
    summary: 'All locations with their state, drive and index totals.',
    input: () => z.object({}),
    output: () => z.object({ locations: z.array(locationSchema) }),
  }),
  addLocation: defineEndpoint({
    method: 'POST',
    path: '/api/locations',
    summary: 'Add a folder as a location. Nothing is written into it.',
    input: () =>
      z.object({
        path: z.string().min(1, 'give the path of a folder'),
        id: locationIdSchema.optional().describe('Made from the name when left out.'),
        name: z.string().trim().min(1).max(80).optional(),
        layout: layoutSchema.default('comfyui'),
        drive: driveSettingSchema.default('auto'),
        allowDelete: z.boolean().default(false),
        undoDeletes: z.boolean().default(false),
        typeToDelete: z.boolean().default(false),
      }),
    output: () => locationSchema,
  }),
  editLocation: defineEndpoint({
    method: 'PATCH',
    path: '/api/locations/:id',
    summary: 'Rename a location, point it at another folder or change its settings. Its files are not touched.',
    input: () =>
      byId.extend({
        path: z.string().min(1, 'give the path of a folder').optional().describe('Another folder is read anew.'),
        name: z.string().trim().min(1).max(80).optional(),
        layout: layoutSchema.optional(),
        drive: driveSettingSchema.optional(),
        allowDelete: z.boolean().optional(),
        undoDeletes: z.boolean().optional(),
        typeToDelete: z.boolean().optional(),
      }),
    output: () => locationSchema,
  }),
  removeLocation: defineEndpoint({
    method: 'DELETE',
    path: '/api/locations/:id',
    summary: 'Forget a location and its index. Its files are not touched.',
    input: () => byId,
    output: () => z.object({ removed: locationIdSchema }),
  }),
  checkLocation: defineEndpoint({
    method: 'POST',
    path: '/api/locations/:id/check',
    summary: 'Look again whether a location can be reached.',
    input: () => byId,
    output: () => locationSchema,
  }),
  setUpLocations: defineEndpoint({
    method: 'POST',
    path: '/api/first-run',
    summary: 'Take one or two folders as the first locations, `local` and `lake`, in the place of the demo library.',
    input: () =>
      z.object({
        local: z.string().min(1, 'give the path of a folder'),
        lake: z.string().min(1, 'give the path of a folder').optional(),
      }),
    output: () => z.object({ locations: z.array(locationSchema) }),
  }),
  openDemo: defineEndpoint({
    method: 'POST',
    path: '/api/demo',
    summary: 'Show the demo library while there is no location. It lies in a temporary folder.',
    input: () => z.object({}),
    output: () => z.object({ locations: z.array(locationSchema) }),
  }),
  acceptLocation: defineEndpoint({
    method: 'POST',
    path: '/api/locations/:id/accept',
    summary: 'Confirm that the files missing from an empty or shrunken location are really gone.',
    input: () => byId,
    output: () => locationSchema,
  }),
};
