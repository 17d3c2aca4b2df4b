import { settingKeys } from './setting-rules.ts';

/** The known key that a misspelt one most likely means, or null when none is close. */
export function nearestKey(key: string, among: readonly string[] = settingKeys): string | null {
  const written = normalised(key);
  let nearest: string | null = null;
  let fewest = Math.max(2, Math.floor(written.length / 4)) + 1;
  for (const known of among) {
    const edits = editDistance(written, normalised(known));
    if (edits < fewest) {
      fewest = edits;
      nearest = known;
    }
  }
  return nearest;
}

/** `hashWorkers`, `hash-workers` and `HASH_WORKERS` are the same word. */
function normalised(key: string): string {
  return key
    .slice(0, 60)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '');
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
