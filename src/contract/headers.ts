import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { entryIdSchema } from './indexing.ts';
import { locationIdSchema } from './locations.ts';

/** What the first bytes say, whatever the name says. */
export const fileFormatSchema = z.enum([
  'safetensors',
  'gguf',
  'zip',
  'pickle',
  'onnx',
  'web-page',
  'json',
  'lfs-pointer',
  'empty',
  'unknown',
]);

const cutText = z.string().describe('Cut after 4,000 characters.');

export const headerFieldSchema = z.object({ key: z.string(), value: cutText });

export const modelHeaderSchema = z.object({
  format: fileFormatSchema,
  warnings: z.array(z.string()).describe('Sentences: name and content disagree, the file ends early, and the like.'),
  headerBytes: z.number().describe('How much of the file is header; 0 where the format has none that is read.'),
  facts: z
    .array(headerFieldSchema)
    .describe('The most telling fields: architecture, name, quantisation, as the file says them.'),
  metadata: z.array(headerFieldSchema).describe('The first 500 fields in the order of the file.'),
  metadataTotal: z.int(),
  tensorCount: z.int().nullable(),
  parameters: z.number().nullable().describe('Numbers in all tensors together.'),
  dtypes: z.array(z.object({ dtype: z.string(), tensors: z.int(), parameters: z.number() })).describe('Most first.'),
});

export const headerDifferenceSchema = z.object({
  what: z.enum(['format', 'metadata', 'tensor']),
  key: z.string(),
  a: cutText.nullable().describe('null: not there.'),
  b: cutText.nullable().describe('null: not there.'),
});

const problem = z.object({ message: z.string(), hint: z.string().nullable() });

export const headerSideSchema = z.object({
  location: locationIdSchema,
  relPath: z.string(),
  header: modelHeaderSchema.nullable().describe('null: could not be read.'),
  problem: problem.nullable(),
});

export type FileFormat = z.infer<typeof fileFormatSchema>;
export type HeaderField = z.infer<typeof headerFieldSchema>;
export type ModelHeader = z.infer<typeof modelHeaderSchema>;
export type HeaderDifference = z.infer<typeof headerDifferenceSchema>;
export type HeaderSide = z.infer<typeof headerSideSchema>;

export const headerEndpoints = {
  readHeader: defineEndpoint({
    method: 'GET',
    path: '/api/entries/:id/header',
    summary: 'What a model file says of itself: format, metadata, tensors. Only its header is read.',
    input: () => z.object({ id: entryIdSchema }),
    output: () => headerSideSchema,
  }),
  compareHeaders: defineEndpoint({
    method: 'GET',
    path: '/api/headers/compare',
    summary: 'What differs between the headers of two files.',
    input: () => z.object({ a: entryIdSchema, b: entryIdSchema }),
    output: () =>
      z.object({
        a: headerSideSchema,
        b: headerSideSchema,
        differences: z.array(headerDifferenceSchema).describe('The first 200.'),
        differencesTotal: z.int(),
        isPartial: z.boolean().describe('One of the headers is so long that its end was not compared.'),
      }),
  }),
};
