import type { Step } from '../../contract/queue.ts';
import { formatCount } from './format.ts';
import type { Look } from './look.ts';
import { printable } from './width.ts';

/** Steps with the reason of each, the first of them; the rest is counted. */
export function* stepLines(
  steps: readonly Step[],
  { reason, mark }: { reason: (step: Step) => string; mark: string },
  look: Look,
  most = 10,
): Iterable<string> {
  for (const step of steps.slice(0, most)) {
    yield `${mark} ${printable(step.relPath)}${step.code === null ? '' : `  ${look.dim(step.code)}`}`;
    yield `  ${printable(reason(step))}`;
  }
  if (steps.length > most) yield look.dim(`… and ${formatCount(steps.length - most)} more (--json lists them)`);
}
