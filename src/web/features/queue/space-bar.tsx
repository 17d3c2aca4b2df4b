import type { TaskPlan } from '../../../contract/queue.ts';
import { formatBytes, formatExactBytes } from '../../ui/format.ts';

interface SpaceBarProps {
  readonly space: NonNullable<TaskPlan['space']>;
  readonly name: string;
  /** Size of the drive; null where it does not tell. */
  readonly totalBytes: number | null;
}

function part(bytes: number, total: number): string {
  return `${Math.min(100, Math.max(0, (bytes / total) * 100))}%`;
}

/** Free space before and after. */
export function SpaceBar({ space, name, totalBytes }: SpaceBarProps) {
  const { freeBytes, afterBytes, reserveBytes } = space;
  const total = totalBytes ?? 0;
  const isTight = afterBytes < reserveBytes;
  const isMore = afterBytes > freeBytes;
  const usedAlways = total - Math.max(freeBytes, afterBytes);
  return (
    <div className="space" data-tight={isTight || undefined}>
      <p className="space-text">
        <span>Free on {name}</span>
        <span>
          <span data-tip={formatExactBytes(freeBytes)}>{formatBytes(freeBytes)}</span> →{' '}
          <strong data-tip={formatExactBytes(afterBytes)}>
            {afterBytes < 0 ? 'not enough' : formatBytes(afterBytes)}
          </strong>
        </span>
      </p>
      {total > 0 && (
        <div className="space-bar" aria-hidden>
          <span className="space-used" style={{ width: part(usedAlways, total) }} />
          <span
            className="space-change"
            data-more={isMore || undefined}
            style={{ width: part(Math.abs(afterBytes - freeBytes), total) }}
          />
        </div>
      )}
    </div>
  );
}
