import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { locationIdSchema } from './locations.ts';
import { taskIdSchema, taskPlanSchema, taskSchema } from './queue.ts';

const amountSchema = z.object({ files: z.int(), bytes: z.number() });

export const mirrorSummarySchema = z.object({
  copy: amountSchema.describe('Missing at the target.'),
  delete: amountSchema.describe('Only at the target, and deletes are asked for and allowed.'),
  conflicts: amountSchema.describe(
    'Same relPath, other content, or names the target cannot tell apart. Never touched.',
  ),
  unverified: amountSchema.describe('Same size, other time, not both hashed. Never touched; hashing tells.'),
  moved: amountSchema.describe('Missing at the target under this path, which holds the content under another.'),
  extras: amountSchema.describe('Only at the target and left there: deletes are off, or the list says why.'),
  skipped: amountSchema.describe('Cannot be copied, with the reason in the list.'),
});
export type MirrorSummary = z.infer<typeof mirrorSummarySchema>;

export const mirrorPlanSchema = z.object({
  planId: taskIdSchema,
  summary: mirrorSummarySchema,
  plan: taskPlanSchema,
  deleteExtras: z.boolean().describe('What was asked for.'),
  deletesAllowed: z.boolean().describe('What the target permits.'),
  onConflict: z.enum(['skip', 'stop']),
  elapsedMs: z.number(),
});
export type MirrorPlan = z.infer<typeof mirrorPlanSchema>;

export const mirrorEndpoints = {
  planMirror: defineEndpoint({
    method: 'POST',
    path: '/api/mirror/plan',
    summary: 'What would make a folder of one location like that of another: a stored plan, nothing is changed.',
    input: () =>
      z.object({
        srcSide: locationIdSchema,
        srcRelFolder: z.string().max(4096).default(''),
        dstSide: locationIdSchema,
        deleteExtras: z
          .boolean()
          .default(false)
          .describe('Delete what only the target has, where it permits deleting.'),
        onConflict: z
          .enum(['skip', 'stop'])
          .default('skip')
          .describe('`stop`: execute refuses while there is a conflict.'),
      }),
    output: () => mirrorPlanSchema,
  }),
  readMirrorPlan: defineEndpoint({
    method: 'GET',
    path: '/api/mirror/plans/:planId',
    summary: 'A stored mirror plan.',
    input: () => z.object({ planId: taskIdSchema }),
    output: () => mirrorPlanSchema,
  }),
  executeMirror: defineEndpoint({
    method: 'POST',
    path: '/api/mirror/execute',
    summary: 'Put a mirror plan into the queue. Every step is checked again; a stale one is skipped and told.',
    input: () =>
      z.object({
        planId: taskIdSchema,
        confirm: z
          .string()
          .max(200)
          .optional()
          .describe('See `confirm` of the plan: deleting more than half needs it.'),
      }),
    output: () => taskSchema,
  }),
};
