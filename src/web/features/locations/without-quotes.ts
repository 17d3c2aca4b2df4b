/** People paste paths with quotes from Explorer's "Copy as path". */
export function withoutQuotes(path: string): string {
  return path.trim().replace(/^"(.*)"$/, '$1');
}
