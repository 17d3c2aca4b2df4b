import { z } from 'zod';
import { defineEndpoint, flag, listOf } from './endpoint.ts';
import { cursorSchema, entryIdSchema, hashStateSchema } from './indexing.ts';
import { locationIdSchema } from './locations.ts';
import { type CompareState, compareStates, sortKeys } from './sync-words.ts';

export const compareStateSchema = z.enum(compareStates);

const totalsSchema = z.object({ files: z.int(), bytes: z.number() });

/** Files and bytes per state; bytes are those of the A side, of B for `only-b`. */
export const compareSummarySchema = z.object(
  Object.fromEntries(compareStates.map((state) => [state, totalsSchema])) as Record<CompareState, typeof totalsSchema>,
);
export type CompareSummary = z.infer<typeof compareSummarySchema>;

export const rowSideSchema = z.object({
  id: entryIdSchema.nullable().describe('null for a folder.'),
  relPath: z.string().describe('Differs from the row’s in a case clash.'),
  kind: z.enum(['file', 'link', 'folder']),
  size: z.number(),
  mtimeMs: z.number(),
  hash: hashStateSchema,
  blake3: z.string().optional(),
});

export const compareRowSchema = z.object({
  relPath: z.string(),
  state: compareStateSchema,
  a: rowSideSchema.nullable(),
  b: rowSideSchema.nullable(),
  movedTo: z.string().optional().describe('only-a: relPath on B that holds this content and is missing on A.'),
  movedFrom: z.string().optional().describe('only-b: relPath on A that holds this content and is missing on B.'),
  elsewhere: z
    .array(z.string())
    .optional()
    .describe('only-a / only-b: relPaths on the other side that hold the same content.'),
});
export type CompareRow = z.infer<typeof compareRowSchema>;
export type RowSide = z.infer<typeof rowSideSchema>;

export const folderNodeSchema = z.object({
  path: z.string().describe('relPath of the folder, empty for the root.'),
  name: z.string(),
  hasFolders: z.boolean(),
  onA: z.boolean(),
  onB: z.boolean(),
  summary: compareSummarySchema.describe('Of the whole subtree.'),
  moved: z.int(),
});
export type FolderNode = z.infer<typeof folderNodeSchema>;

export const sortKeySchema = z.enum(sortKeys);

const pairInput = {
  a: locationIdSchema.default('local'),
  b: locationIdSchema.default('lake'),
};

export const syncEndpoints = {
  diff: defineEndpoint({
    method: 'GET',
    path: '/api/diff',
    summary: 'Compare two locations from the index, row by relPath.',
    input: () =>
      z.object({
        ...pairInput,
        folder: z.string().max(4096).default('').describe('Only this folder and what is below it.'),
        states: listOf(compareStateSchema).optional().describe('All states when left out.'),
        moved: flag().optional().describe('Only rows whose content lies elsewhere on the other side (true).'),
        query: z.string().max(500).default(''),
        sort: sortKeySchema.default('path').describe('`relevance` only makes sense with a query.'),
        descending: flag().default(false),
        cursor: cursorSchema.optional(),
        offset: z.coerce.number().int().min(0).optional().describe('Jump to a row; wins over `cursor`.'),
        limit: z.coerce.number().int().min(0).max(2000).default(500),
      }),
    output: () =>
      z.object({
        a: locationIdSchema,
        b: locationIdSchema,
        version: z.string().describe('Changes when any row may have changed.'),
        summary: compareSummarySchema.describe('Of the folder, before state filter and query.'),
        moved: z.int().describe('Files of A that lie under another relPath on B (pairs of only-a and only-b).'),
        total: z.int().describe('Rows that match folder, states and query.'),
        totalBytes: z.number(),
        offset: z.int().describe('Position of the first row of this page.'),
        rows: z.array(compareRowSchema),
        cursor: cursorSchema.nullable(),
        elapsedMs: z.number(),
      }),
  }),
  diffFolders: defineEndpoint({
    method: 'GET',
    path: '/api/diff/folders',
    summary: 'The folders directly below one folder, with counts and bytes per state of their whole subtree.',
    input: () => z.object({ ...pairInput, parent: z.string().max(4096).default('') }),
    output: () => z.object({ version: z.string(), folder: folderNodeSchema, folders: z.array(folderNodeSchema) }),
  }),
};
