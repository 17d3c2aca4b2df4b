/** How often a property is tried: as often as said, or `RUNS` times for a long look. */
export function runs(usually: number): number {
  return Number(process.env.RUNS ?? usually);
}
