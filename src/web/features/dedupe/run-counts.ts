import type { Step } from '../../../contract/queue.ts';

export interface RunCounts {
  readonly deleted: number;
  readonly replaced: number;
  readonly skipped: number;
  readonly failed: number;
}

const links: ReadonlySet<string> = new Set(['hardlink', 'reflink', 'symlink', 'clone']);

/** What became of the files of a run. */
export function countWays(steps: readonly Step[]): RunCounts {
  const counts = { deleted: 0, replaced: 0, skipped: 0, failed: 0 };
  for (const { state, way } of steps) {
    if (state === 'done') counts[way !== null && links.has(way) ? 'replaced' : 'deleted'] += 1;
    else if (state === 'failed') counts.failed += 1;
    else counts.skipped += 1;
  }
  return counts;
}
