import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';

/** Where the value in force came from, strongest first. */
export const settingSourceSchema = z.enum(['environment', 'env-file', 'settings-file', 'default']);

export const settingSchema = z.object({
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  source: settingSourceSchema,
  origin: z.string().nullable().describe('File the value came from.'),
  description: z.string(),
  values: z.string().describe('What is allowed, in words.'),
  defaultValue: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});
export type Setting = z.infer<typeof settingSchema>;

export const settingsEndpoints = {
  listSettings: defineEndpoint({
    method: 'GET',
    path: '/api/settings',
    summary: 'All settings in force, and where each comes from.',
    input: z.object({}),
    output: z.object({ settings: z.array(settingSchema), settingsFile: z.string() }),
  }),
  changeSettings: defineEndpoint({
    method: 'PATCH',
    path: '/api/settings',
    summary: 'Write values to the settings file (null removes one). They apply at the next start.',
    input: z.object({ values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
    output: z.object({ settings: z.array(settingSchema), settingsFile: z.string(), restartNeeded: z.boolean() }),
  }),
};
