import { formatRelativeTime, formatTime } from './format-time.ts';
import { useNow } from './use-now.ts';

export function TimeAgo({ timeMs }: { readonly timeMs: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(timeMs).toISOString()} data-tip={formatTime(timeMs)}>
      {formatRelativeTime(timeMs, now)}
    </time>
  );
}
