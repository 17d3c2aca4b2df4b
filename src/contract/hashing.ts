import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { entryIdSchema } from './indexing.ts';
import { locationIdSchema } from './locations.ts';

export const hashScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entries'), ids: z.array(entryIdSchema).min(1).max(10_000) }),
  z.object({ kind: z.literal('location'), location: locationIdSchema, folder: z.string().max(4096).default('') }),
  z.object({
    kind: z.literal('compare'),
    a: locationIdSchema.default('local'),
    b: locationIdSchema.default('lake'),
    folder: z.string().max(4096).default(''),
    include: z
      .array(z.enum(['unverified', 'same-probable', 'moved-candidates']))
      .default(['unverified', 'same-probable', 'moved-candidates'])
      .describe('`moved-candidates`: files of one side whose size also occurs among the other side’s lone files.'),
  }),
]);
export type HashScope = z.infer<typeof hashScopeSchema>;

export const hashProgressSchema = z.object({
  state: z.enum(['idle', 'running', 'paused']),
  filesDone: z.int(),
  filesTotal: z.int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  bytesPerSecond: z.number(),
  etaSeconds: z.number().nullable(),
  current: z.array(z.object({ location: locationIdSchema, relPath: z.string() })),
});
export type HashProgress = z.infer<typeof hashProgressSchema>;

export const hashFailureSchema = z.object({
  location: locationIdSchema,
  relPath: z.string(),
  code: z.string(),
  message: z.string(),
});

export const hashRunSchema = z.object({
  files: z.int().describe('Files the scope named.'),
  bytes: z.number(),
  hashed: z.int().describe('Files read and hashed.'),
  cached: z.int().describe('Files whose hash was known already.'),
  verified: z.int().describe('With `verify`: files whose bytes are still the same.'),
  failed: z.array(hashFailureSchema),
  changed: z.array(hashFailureSchema).describe('With `verify`: same size and time, other bytes.'),
  elapsedMs: z.number(),
});
export type HashRun = z.infer<typeof hashRunSchema>;

export const hashEndpoints = {
  hash: defineEndpoint({
    method: 'POST',
    path: '/api/hash',
    summary: 'Hash what a scope names; files with a known hash are not read again unless `verify` is set.',
    input: () =>
      z.object({
        scope: hashScopeSchema,
        sha256: z.boolean().default(false).describe('Also compute SHA-256 in the same read.'),
        verify: z
          .boolean()
          .default(false)
          .describe('Read again and report bytes that changed though size and time did not.'),
        wait: z.boolean().default(false).describe('Answer when all is hashed instead of at once.'),
      }),
    output: () => hashRunSchema,
  }),
  hashStatus: defineEndpoint({
    method: 'GET',
    path: '/api/hash',
    summary: 'Progress of hashing.',
    input: () => z.object({}),
    output: () => hashProgressSchema,
  }),
  hashControl: defineEndpoint({
    method: 'POST',
    path: '/api/hash/control',
    summary: 'Pause, resume or cancel hashing.',
    input: () => z.object({ action: z.enum(['pause', 'resume', 'cancel']) }),
    output: () => hashProgressSchema,
  }),
};
