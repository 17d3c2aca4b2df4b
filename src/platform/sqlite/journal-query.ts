import { type StepState, stepBuckets, stepStates } from '../../contract/queue-words.ts';
import type { StepBucket } from '../../core/ports/journal.ts';

/**
 * With a filter: the steps of each wanted state and bucket come out of `step_by_state` in order, and are merged until
 * there are enough. `IN` instead would have SQLite walk the task from `fromN` on. null: nothing can match.
 */
export function stepsSql(states?: readonly StepState[], buckets?: readonly StepBucket[]): string | null {
  if (!states && !buckets) return 'SELECT * FROM step WHERE task = ?1 AND n >= ?2 ORDER BY n LIMIT ?3';
  const pairs = stepStates
    .filter((state) => states?.includes(state) ?? true)
    .flatMap((state) =>
      stepBuckets.filter((bucket) => buckets?.includes(bucket) ?? true).map((bucket) => [state, bucket] as const),
    );
  if (pairs.length === 0) return null;
  const numbers = pairs.map(
    ([state, bucket]) =>
      `SELECT n FROM step WHERE task = ?1 AND state = '${state}' AND bucket = '${bucket}' AND n >= ?2`,
  );
  return `SELECT * FROM step WHERE task = ?1 AND n IN (
    SELECT n FROM (${numbers.join(' UNION ALL ')} ORDER BY n LIMIT ?3)
  ) ORDER BY n`;
}
