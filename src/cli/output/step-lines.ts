import type { Step } from '../../contract/queue.ts';
import { formatCount } from './format.ts';
import type { Look } from './look.ts';
import { printable } from './width.ts';

const mostShown = 10;

/** Steps with the reason of each, the first of them; the rest is counted. */
export function* stepLines(
  steps: readonly Step[],
  { reason, mark, count = steps.length }: { reason: (step: Step) => string; mark: string; count?: number },
  look: Look,
): Iterable<string> {
  for (const step of steps.slice(0, mostShown)) {
    yield `${mark} ${printable(step.relPath)}${step.code === null ? '' : `  ${look.dim(step.code)}`}`;
    yield `  ${printable(reason(step))}`;
  }
  if (count > mostShown) yield look.dim(`… and ${formatCount(count - mostShown)} more (--json lists them)`);
}
