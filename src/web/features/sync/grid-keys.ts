/** Where a key moves the current row to; null when the key does not move it. */
export function targetOf(key: string, from: number | null, total: number, rowsPerScreen: number): number | null {
  if (total === 0) return null;
  const last = total - 1;
  const clamp = (index: number) => Math.min(last, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return from === null ? 0 : clamp(from + 1);
    case 'ArrowUp':
      return from === null ? last : clamp(from - 1);
    case 'PageDown':
      return clamp((from ?? 0) + rowsPerScreen);
    case 'PageUp':
      return clamp((from ?? 0) - rowsPerScreen);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
