import { z } from 'zod';
import { defineEndpoint, listOf } from './endpoint.ts';
import { type ErrorCode, errorCodes } from './errors.ts';
import { locationIdSchema } from './locations.ts';

/** `pending`: waiting to be hashed. `failed`: could not be read, or changed while it was. */
export const hashStateSchema = z.enum(['unknown', 'pending', 'known', 'failed']);

export const entryIdSchema = z.string().min(3).max(6000).describe('Opaque id of one file in one location.');

export const entrySchema = z.object({
  id: entryIdSchema,
  location: locationIdSchema,
  relPath: z.string().describe('Path from the location’s root, with `/`.'),
  name: z.string(),
  extension: z
    .string()
    .describe('Lower case with its dot, empty when there is none; `.civitai.info` and `.preview.png` count as one.'),
  category: z.string().describe('First path segment, empty at the root.'),
  kind: z.enum(['file', 'link']).describe('`link`: a symbolic link to a file inside the same location.'),
  size: z.number().describe('Bytes.'),
  mtimeMs: z.number().describe('Unix time in milliseconds, with fraction.'),
  hash: hashStateSchema,
});

export const entryDetailsSchema = entrySchema.extend({
  path: z.string().describe('Full path in the platform’s own form.'),
  mtimeNs: z.string().describe('Unix time in nanoseconds, decimal.'),
  fileId: z.string().describe('Inode or file index, decimal.'),
  links: z.int().describe('How many names the file has on its volume (hard links); 1 where the drive does not tell.'),
  isModel: z.boolean(),
  blake3: z.string().nullable(),
  sha256: z.string().nullable(),
  quickHash: z.string().nullable(),
  hashedAtMs: z.number().nullable(),
  elsewhere: z
    .array(z.object({ location: locationIdSchema, relPath: z.string() }))
    .describe('Other places that hold the same content, as far as hashes are known.'),
});

export const problemSchema = z.object({
  location: locationIdSchema,
  relPath: z.string(),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().nullable(),
});

export const refreshResultSchema = z.object({
  id: locationIdSchema,
  outcome: z.enum(['done', 'cancelled', 'offline', 'attention', 'running']),
  files: z.int(),
  bytes: z.number(),
  problems: z.int(),
  elapsedMs: z.number(),
  message: z.string().nullable(),
});

export type Entry = z.infer<typeof entrySchema>;
export type EntryDetails = z.infer<typeof entryDetailsSchema>;
export type Problem = z.infer<typeof problemSchema>;
export type RefreshResult = z.infer<typeof refreshResultSchema>;
export type HashState = z.infer<typeof hashStateSchema>;

export const cursorSchema = z.string().max(200).describe('Where the previous page ended; opaque.');

export const indexEndpoints = {
  refreshIndex: defineEndpoint({
    method: 'POST',
    path: '/api/index/refresh',
    summary: 'Read one location, one folder of it, or all locations again.',
    input: () =>
      z.object({
        location: locationIdSchema.optional().describe('All locations when left out.'),
        side: locationIdSchema.optional().describe('Same as `location`.'),
        folder: z.string().optional().describe('Only this folder and what is below it.'),
        wait: z.boolean().default(false).describe('Answer when the refresh has ended instead of at once.'),
      }),
    output: () => z.object({ locations: z.array(refreshResultSchema) }),
  }),
  cancelRefresh: defineEndpoint({
    method: 'POST',
    path: '/api/index/cancel',
    summary: 'Stop a running refresh. What was read so far stays; nothing is dropped from the index.',
    input: () => z.object({ location: locationIdSchema.optional() }),
    output: () => z.object({ cancelled: z.array(locationIdSchema) }),
  }),
  listEntries: defineEndpoint({
    method: 'GET',
    path: '/api/index',
    summary: 'Entries of one or all locations, searched and filtered, best match first.',
    input: () =>
      z.object({
        location: locationIdSchema.optional(),
        query: z.string().max(500).default('').describe('Words and filters: `flux lora ext:gguf size>4GB`.'),
        filters: z.string().max(500).default('').describe('More filters, joined with `query`.'),
        cursor: cursorSchema.optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
    output: () =>
      z.object({
        entries: z.array(entrySchema),
        total: z.int(),
        cursor: cursorSchema.nullable(),
        elapsedMs: z.number(),
      }),
  }),
  readEntry: defineEndpoint({
    method: 'GET',
    path: '/api/entries/:id',
    summary: 'Everything the index knows about one entry.',
    input: () => z.object({ id: entryIdSchema }),
    output: () => entryDetailsSchema,
  }),
  listProblems: defineEndpoint({
    method: 'GET',
    path: '/api/problems',
    summary: 'Files and folders the last refresh could not read, with cause and advice.',
    input: () =>
      z.object({
        location: locationIdSchema.optional(),
        codes: listOf(z.string()).optional(),
        cursor: cursorSchema.optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
    output: () => z.object({ problems: z.array(problemSchema), total: z.int(), cursor: cursorSchema.nullable() }),
  }),
};
