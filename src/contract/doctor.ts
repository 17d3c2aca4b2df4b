import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { locationIdSchema } from './locations.ts';

export const checkSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['ok', 'note', 'warning', 'problem']),
  detail: z.string().describe('What was found, in a sentence.'),
  hint: z.string().nullable(),
});
export type Check = z.infer<typeof checkSchema>;

export const doctorReportSchema = z.object({
  machine: z.array(checkSchema),
  locations: z.array(z.object({ location: locationIdSchema, path: z.string(), checks: z.array(checkSchema) })),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

export const doctorEndpoints = {
  doctor: defineEndpoint({
    method: 'GET',
    path: '/api/doctor',
    summary: 'What this machine and the drives of the locations can do. Reads only; write tests run in app data.',
    input: () => z.object({}),
    output: () => doctorReportSchema,
  }),
};
