import { z } from 'zod';
import { type ErrorBody, type ErrorCode, errorCodes, errorKinds } from './errors.ts';

export const errorBodySchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).describe('Stable name of the situation.'),
    kind: z.enum(errorKinds).describe('Group of the code; decides HTTP status and exit status.'),
    message: z.string().describe('One sentence for a person: what happened to which thing.'),
    hint: z.string().optional().describe('What the person can do about it.'),
  }),
}) satisfies z.ZodType<ErrorBody>;
