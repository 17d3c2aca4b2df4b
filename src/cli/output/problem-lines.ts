import type { Problem } from '../../contract/indexing.ts';
import { plural } from './format.ts';
import type { Look } from './look.ts';
import { printable } from './width.ts';

/** Each problem with its place and cause; the rest is counted. */
export function* problemLines(problems: readonly Problem[], look: Look, most = 10): Iterable<string> {
  for (const { location, relPath, code, message, hint } of problems.slice(0, most)) {
    yield `${look.yellow('!')} ${location}: ${printable(relPath === '' ? '(root)' : relPath)}  ${look.dim(code)}`;
    yield `  ${printable(message)}${hint === null ? '' : ` ${printable(hint)}`}`;
  }
  const left = problems.length - most;
  if (left > 0) yield look.dim(`… and ${plural(left, 'more problem', 'more problems')}: weightroom index problems`);
}
