import { z } from 'zod';
import { defineEndpoint, flag } from './endpoint.ts';
import { driveKindSchema, locationIdSchema } from './locations.ts';

/**
 * `comfyui`: an install with a models folder in it. `comfyui-models`: such a models folder. `webui`: Automatic1111, Forge
 * and their kin. `models`: files of models lie in it.
 */
export const folderLookSchema = z.enum(['comfyui', 'comfyui-models', 'webui', 'models']);

const seenAsFields = {
  looks: folderLookSchema.nullable().describe('null: like any other folder, or not looked into.'),
  modelsPath: z.string().nullable().describe('The folder in it to take as a location.'),
};

/** A place to start from. */
export const placeSchema = z.object({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['home', 'folder', 'drive']),
  driveKind: driveKindSchema,
  detail: z.string().describe('File system, and what is mounted there; may be empty.'),
});

export const listedFolderSchema = z.object({
  name: z.string(),
  path: z.string(),
  isLink: z.boolean(),
  readable: z.boolean().nullable().describe('null: not looked into, or no answer in time.'),
  ...seenAsFields,
});

export const candidateSchema = z.object({
  path: z.string().describe('The models folder.'),
  foundAt: z.string().describe('The install it belongs to, or the folder itself.'),
  looks: folderLookSchema,
  driveKind: driveKindSchema,
  modelFiles: z.int(),
  isPartial: z.boolean().describe('The look was short: there may be more files.'),
  location: locationIdSchema.nullable().describe('The location that already has this folder.'),
});

export type FolderLook = z.infer<typeof folderLookSchema>;
export type Place = z.infer<typeof placeSchema>;
export type ListedFolder = z.infer<typeof listedFolderSchema>;
export type Candidate = z.infer<typeof candidateSchema>;

const pathSchema = z.string().min(1, 'give the full path of a folder').max(32_000);

export const folderEndpoints = {
  openFolder: defineEndpoint({
    method: 'POST',
    path: '/api/open-folder',
    summary: 'Show an entry in the file manager of the machine that Weightroom runs on.',
    input: () =>
      z.object({
        location: locationIdSchema,
        relPath: z
          .string()
          .max(32_000)
          .describe('A file is shown in its folder; a folder, or nothing for the location’s root, is opened.'),
      }),
    output: () => z.object({ opened: z.string().describe('Full path of the folder that was opened.') }),
  }),
  listPlaces: defineEndpoint({
    method: 'GET',
    path: '/api/places',
    summary: 'Where to start looking for a folder: home, drives, shares. Touches no drive.',
    input: () => z.object({}),
    output: () => z.object({ places: z.array(placeSchema) }),
  }),
  listFolders: defineEndpoint({
    method: 'GET',
    path: '/api/folders',
    summary: 'Folders in a folder of this machine, for choosing a location. Names of files are not told.',
    input: () =>
      z.object({
        path: pathSchema,
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(200),
        hidden: flag().default(false).describe('Also folders whose names begin with a dot.'),
      }),
    output: () =>
      z.object({
        path: z.string().describe('In its plain form.'),
        parent: z.string().nullable(),
        crumbs: z.array(z.object({ name: z.string(), path: z.string() })).describe('From the drive down to the path.'),
        ...seenAsFields,
        folders: z.array(listedFolderSchema),
        total: z.int(),
        nextOffset: z.int().nullable(),
      }),
  }),
  discoverFolders: defineEndpoint({
    method: 'GET',
    path: '/api/discover',
    summary: 'Look where models usually are, for a few seconds at most, and propose what to use. Nothing is changed.',
    input: () => z.object({}),
    output: () =>
      z.object({
        candidates: z.array(candidateSchema),
        proposal: z.object({ local: z.string().nullable(), lake: z.string().nullable() }),
        silent: z.array(z.string()).describe('Drives and shares that did not answer.'),
        elapsedMs: z.number(),
      }),
  }),
};
