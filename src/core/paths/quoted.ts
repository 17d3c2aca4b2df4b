const longest = 120;

/**
 * A name or path as it appears inside a sentence: in quotation marks, shortened, with everything that a terminal or a
 * log line could trip over (control characters, direction marks, halves of a surrogate pair) written as `\u{…}`.
 */
export function quoted(text: string): string {
  const points = [...text];
  const shown = points.length > longest ? [...points.slice(0, 70), '…', ...points.slice(-40)] : points;
  return `“${shown.map(visible).join('')}”`;
}

function visible(point: string): string {
  if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(point)) return point;
  return `\\u{${(point.codePointAt(0) ?? 0).toString(16)}}`;
}
