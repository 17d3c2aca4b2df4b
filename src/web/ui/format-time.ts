const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 days ago`, `last week`, in the words of the user's locale. */
export function formatRelativeTime(timeMs: number, nowMs: number): string {
  const seconds = (timeMs - nowMs) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(0, 'minute') === 'this minute' ? 'just now' : relative.format(0, 'second');
}

export function formatTime(timeMs: number): string {
  return absolute.format(timeMs);
}

/** `8 s`, `3 min`, `1 h 20 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.round(whole / 60)} min`;
  const minutes = Math.round((whole % 3_600) / 60);
  return `${Math.floor(whole / 3_600)} h ${minutes} min`;
}
