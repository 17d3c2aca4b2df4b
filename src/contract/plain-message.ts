import type { z } from 'zod';

const expectedThings: Readonly<Record<string, string>> = {
  string: 'give a string',
  number: 'give a number',
  int: 'give a whole number',
  boolean: 'give true or false',
  array: 'give a list',
  object: 'give an object',
};

/**
 * What is wrong with an input where its schema has no words of its own, as the rest of a sentence. For the `error` of a
 * parse; undefined leaves it to zod.
 */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return expectedThings[issue.expected];
    case 'invalid_value':
      return `give ${listed(issue.values)}`;
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum));
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum));
    case 'invalid_union':
      return 'it is none of the known kinds';
    default:
      return undefined;
  }
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === 'string') return minimum === 1 ? 'it is empty' : `give ${minimum} characters at least`;
  if (origin === 'array') return minimum === 1 ? 'name one at least' : `name ${minimum} at least`;
  return `give ${minimum} or more`;
}

function tooBig(origin: string, maximum: number): string {
  if (origin === 'string') return `give ${maximum} characters at most`;
  return origin === 'array' ? `name ${maximum} at most` : `give ${maximum} or less`;
}

/** `a, b or c` */
function listed(values: readonly z.core.util.Primitive[]): string {
  const words = values.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
