const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** One per number of digits, made once: making one takes longer than drawing the row it is for. */
const decimals = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** Binary units, three significant digits at least: `812 B`, `6.46 GiB`, `1,018 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${decimals[digits]?.format(value)} ${units[power]}`;
}

const integers = new Intl.NumberFormat();

export function formatCount(count: number): string {
  return integers.format(count);
}

export function formatExactBytes(bytes: number): string {
  return `${integers.format(bytes)} bytes`;
}

/** `1 file`, `2 files`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** For narrow places: exact below 100,000, then `148K`. */
export function formatCompact(count: number): string {
  return count < 100_000 ? formatCount(count) : compact.format(count);
}
