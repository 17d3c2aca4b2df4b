import { z } from 'zod';
import { dedupeActions, dedupeStages } from './dedupe-words.ts';
import { defineEndpoint, flag } from './endpoint.ts';
import { locationIdSchema } from './locations.ts';
import { taskSchema } from './queue.ts';

export const scanIdSchema = z.string().regex(/^[a-z0-9]{8}$/, 'is not the id of a scan');

export const dedupeSummarySchema = z.object({
  groups: z.int().describe('Sets of two or more files of one content that are not one file already.'),
  redundantFiles: z.int().describe('Files beyond the first of each group; names of one file count once.'),
  reclaimableBytes: z.number().describe('What deleting all but one of each group sets free, hard links considered.'),
  bytesRead: z.number().describe('Content bytes that this scan read.'),
  elapsedMs: z.number(),
});

export const dedupeScanSchema = z.object({
  scanId: scanIdSchema,
  sides: z.array(locationIdSchema),
  folder: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed', 'stale']).describe('`stale`: stopped with the program.'),
  stage: z.enum(dedupeStages).nullable(),
  filesDone: z.int().describe('Of the stage.'),
  filesTotal: z.int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  bytesPerSecond: z.number(),
  etaSeconds: z.number().nullable(),
  summary: dedupeSummarySchema.describe('So far, while it runs.'),
  sharedFiles: z.int().describe('Names of one file (hard links): already shared, deleting one frees nothing.'),
  unreadable: z.int().describe('Files that could not be read; never in a group, never kept for another.'),
  message: z.string().nullable(),
  createdMs: z.number(),
  finishedMs: z.number().nullable(),
});
export type DedupeScan = z.infer<typeof dedupeScanSchema>;

export const dedupeFileSchema = z.object({
  /** Position in the group: how a selection names it. */
  index: z.int(),
  location: locationIdSchema,
  relPath: z.string(),
  mtimeMs: z.number(),
  links: z.int().describe('Names the file has on its drive, 1 where it is the only one.'),
  sameFileAs: z.string().optional().describe('`location:relPath` of the first name of the same file in this group.'),
  sidecars: z.int(),
});

export const dedupeGroupSchema = z.object({
  group: z.int().describe('Number in the scan; 0 frees most.'),
  blake3: z.string(),
  size: z.number(),
  reclaimableBytes: z.number(),
  files: z.array(dedupeFileSchema),
});
export type DedupeGroup = z.infer<typeof dedupeGroupSchema>;

/**
 * Which file of a group stays: the first rule that tells candidates apart decides. `protect`: every file in the folder
 * stays, always. Where all rules tie: the shortest path, then the first by name.
 */
export const dedupeRuleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('protect'), location: locationIdSchema.optional(), folder: z.string().max(4096) }),
  z.object({ kind: z.literal('prefer'), location: locationIdSchema.optional(), folder: z.string().max(4096) }),
  z.object({ kind: z.literal('shortest-path') }),
  z.object({ kind: z.literal('oldest') }),
  z.object({ kind: z.literal('newest') }),
  z.object({ kind: z.literal('has-sidecars') }),
]);
export type DedupeRule = z.infer<typeof dedupeRuleSchema>;

export const keepSelectionSchema = z.object({
  group: z.int().min(0),
  keep: z.array(z.int().min(0)).describe('Positions of the files that stay; never empty unless `skip`.'),
  skip: z.boolean().default(false).describe('Leave the whole group as it is.'),
});

const choiceInput = {
  scanId: scanIdSchema,
  rules: z
    .array(dedupeRuleSchema)
    .max(50)
    .default([])
    .describe('Decide every group that no selection names; without rules only selected groups are touched.'),
  keepSelections: z.array(keepSelectionSchema).max(20_000).default([]),
  action: z.enum(dedupeActions).default('delete'),
};

const amountSchema = z.object({ files: z.int(), bytes: z.number() });

export const dedupePlanSchema = z.object({
  scanId: scanIdSchema,
  action: z.enum(dedupeActions),
  groups: z.int().describe('Groups that are touched.'),
  total: amountSchema.describe('Files that go or are replaced, and their bytes.'),
  reclaimedBytes: z.number().describe('What really comes free, hard links considered.'),
  byLocation: z.array(amountSchema.extend({ location: locationIdSchema })),
  byFolder: z
    .array(amountSchema.extend({ location: locationIdSchema, folder: z.string() }))
    .describe('The 500 folders with most bytes.'),
  untouched: z.int().describe('Groups left as they are.'),
  problems: z
    .array(z.string())
    .describe('Why the action cannot be done for some groups, or a rule decides nothing, in sentences.'),
  unknownFolders: z.array(z.string()).describe('Folders that rules name and the scan did not look through.'),
});
export type DedupePlan = z.infer<typeof dedupePlanSchema>;

export const dedupeEndpoints = {
  scanDuplicates: defineEndpoint({
    method: 'POST',
    path: '/api/dedupe/scan',
    summary: 'Look for files of equal content in one location or several. Reads only what nothing cheaper tells apart.',
    input: () =>
      z.object({
        side: locationIdSchema.optional().describe('One location.'),
        sides: z
          .array(locationIdSchema)
          .min(1)
          .max(20)
          .optional()
          .describe('Several, compared with each other as well.'),
        folder: z.string().max(4096).default('').describe('Only this folder and what is below it.'),
        minBytes: z.number().int().min(1).default(1),
        variants: z.boolean().default(false).describe('Also look for re-saved models: equal tensors, another header.'),
        wait: z.boolean().default(false).describe('Answer when it has ended.'),
      }),
    output: () => dedupeScanSchema,
  }),
  cancelDuplicateScan: defineEndpoint({
    method: 'POST',
    path: '/api/dedupe/cancel',
    summary: 'Stop a scan that runs; what was hashed stays known.',
    input: () => z.object({ scanId: scanIdSchema }),
    output: () => dedupeScanSchema,
  }),
  waitForDuplicateScan: defineEndpoint({
    method: 'GET',
    path: '/api/dedupe/wait',
    summary: 'Answers when a scan has ended; fails with what stopped it.',
    input: () => z.object({ scanId: scanIdSchema }),
    output: () => dedupeScanSchema,
  }),
  duplicateScans: defineEndpoint({
    method: 'GET',
    path: '/api/dedupe/scans',
    summary: 'Scans that are kept, newest first.',
    input: () => z.object({}),
    output: () => z.object({ scans: z.array(dedupeScanSchema) }),
  }),
  duplicates: defineEndpoint({
    method: 'GET',
    path: '/api/dedupe/results',
    summary: 'Groups of a scan, those that free most first; the newest scan of a location when none is named.',
    input: () =>
      z.object({
        scanId: scanIdSchema.optional(),
        side: locationIdSchema.optional(),
        cursor: z.string().max(20).optional(),
        limit: z.coerce.number().int().min(0).max(1000).default(100),
      }),
    output: () =>
      z.object({
        scan: dedupeScanSchema,
        groups: z.array(dedupeGroupSchema),
        total: z.int(),
        cursor: z.string().nullable(),
      }),
  }),
  duplicateHints: defineEndpoint({
    method: 'GET',
    path: '/api/dedupe/hints',
    summary:
      'What looks like a duplicate and is none: one name with other content, and the same tensors under another header.',
    input: () => z.object({ scanId: scanIdSchema, limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    output: () =>
      z.object({
        sameName: z.array(
          z.object({
            name: z.string(),
            files: z.array(z.object({ location: locationIdSchema, relPath: z.string(), size: z.number() })),
          }),
        ),
        variants: z.array(
          z.object({
            dataBytes: z.number().describe('Size of the tensors that are equal.'),
            files: z.array(z.object({ location: locationIdSchema, relPath: z.string(), size: z.number() })),
          }),
        ),
      }),
  }),
  planDedupe: defineEndpoint({
    method: 'POST',
    path: '/api/dedupe/plan',
    summary: 'What rules and selections come down to; nothing is changed.',
    input: () => z.object(choiceInput),
    output: () => dedupePlanSchema,
  }),
  proposeKeepers: defineEndpoint({
    method: 'POST',
    path: '/api/dedupe/keepers',
    summary: 'Which files the rules would keep in some groups.',
    input: () =>
      z.object({
        scanId: scanIdSchema,
        rules: z.array(dedupeRuleSchema).max(50),
        groups: z.array(z.int().min(0)).min(1).max(1000),
      }),
    output: () => z.object({ keepers: z.array(z.object({ group: z.int(), keep: z.array(z.int()) })) }),
  }),
  executeDedupe: defineEndpoint({
    method: 'POST',
    path: '/api/dedupe/execute',
    summary:
      'Put a plan into the queue. Deletes for good, whatever the locations allow; each file is checked again right before.',
    input: () =>
      z.object({
        ...choiceInput,
        confirmed: amountSchema.describe('Totals of the plan that the person saw; refused when they differ.'),
        paranoid: flag().default(false).describe('Compare byte by byte right before, whatever is known.'),
      }),
    output: () => taskSchema,
  }),
};
