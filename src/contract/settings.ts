import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';

/** Where the value in force came from, strongest first. */
export const settingSourceSchema = z.enum(['environment', 'env-file', 'settings-file', 'default']);

const settingValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** How a person gives the value. */
export const settingInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder') }),
  z.object({ kind: z.literal('switch') }),
  z.object({ kind: z.literal('number'), least: z.int(), most: z.int() }),
  z.object({ kind: z.literal('choice'), options: z.array(z.string()) }),
  z.object({ kind: z.literal('text') }),
]);
export type SettingInput = z.infer<typeof settingInputSchema>;

export const settingSchema = z.object({
  key: z.string(),
  value: settingValueSchema,
  source: settingSourceSchema,
  origin: z.string().nullable().describe('File the value came from.'),
  description: z.string(),
  values: z.string().describe('What is allowed, in words.'),
  defaultValue: settingValueSchema,
  input: settingInputSchema,
  fixedReason: z
    .string()
    .nullable()
    .describe('Why a change of the settings file would have no effect, in a sentence; null: it would.'),
  waitsForRestart: z.boolean().describe('The running program was started with another value.'),
});
export type Setting = z.infer<typeof settingSchema>;

export const settingsEndpoints = {
  listSettings: defineEndpoint({
    method: 'GET',
    path: '/api/settings',
    summary: 'All settings in force, and where each comes from.',
    input: () => z.object({}),
    output: () => z.object({ settings: z.array(settingSchema), settingsFile: z.string() }),
  }),
  changeSettings: defineEndpoint({
    method: 'PATCH',
    path: '/api/settings',
    summary: 'Write values to the settings file (null removes one). They apply at the next start.',
    input: () => z.object({ values: z.record(z.string(), settingValueSchema) }),
    output: () => z.object({ settings: z.array(settingSchema), settingsFile: z.string(), restartNeeded: z.boolean() }),
  }),
};
