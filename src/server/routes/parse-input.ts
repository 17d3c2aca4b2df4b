import { z } from 'zod';
import { plainMessage } from '../../contract/plain-message.ts';
import { AppError } from '../../core/errors/app-error.ts';

/** Checks raw input against the contract. Unknown fields are refused, so that a typo never passes silently. */
export function parseInput<S extends z.ZodType>(schema: S, input: Readonly<Record<string, unknown>>): z.output<S> {
  refuseUnknownFields(schema, input);
  const parsed = schema.safeParse(input, { error: plainMessage });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('INVALID_INPUT', issue === undefined ? 'The request is malformed.' : sentenceFor(issue, input));
}

function refuseUnknownFields(schema: z.ZodType, input: Readonly<Record<string, unknown>>): void {
  if (!(schema instanceof z.ZodObject)) return;
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = known.length === 0 ? 'It takes none.' : `It takes: ${known.join(', ')}.`;
  throw new AppError('INVALID_INPUT', `“${shortened(unknown)}” is not a field of this operation.`, { hint });
}

function sentenceFor(issue: z.core.$ZodIssue, input: unknown): string {
  const { field, isMissing } = locate(issue.path, input);
  if (isMissing) return `“${field}” is missing.`;
  const message = issue.message.replace(/\.$/, '');
  return field === '' ? `The request cannot be used: ${message}.` : `“${field}” cannot be used: ${message}.`;
}

/** The field as the caller wrote it: a list in a query is one text there, whichever item of it is wrong. */
function locate(path: readonly PropertyKey[], input: unknown): { field: string; isMissing: boolean } {
  const walked: string[] = [];
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break;
    walked.push(String(key));
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return { field: shortened(walked.join('.')), isMissing: walked.length > 0 && value === undefined };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
