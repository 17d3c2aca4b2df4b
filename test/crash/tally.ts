import { type Findings, type KindOfFinding, kindsOfFinding } from './oracle.ts';

/** What a row of faults came to for one program. */
export interface Tally {
  /** Faults that hit. */
  readonly cycles: number;
  /** How many files each kind of finding hit. */
  readonly counts: Readonly<Record<KindOfFinding, number>>;
  /** The first findings, with what leads back to them. */
  readonly examples: readonly string[];
}

const mostExamples = 12;

export const emptyTally: Tally = {
  cycles: 0,
  counts: Object.fromEntries(kindsOfFinding.map((kind) => [kind, 0])) as Record<KindOfFinding, number>,
  examples: [],
};

export function addCycle(tally: Tally, findings: Findings, origin: string): Tally {
  const counts = { ...tally.counts };
  const examples = [...tally.examples];
  for (const kind of kindsOfFinding) {
    counts[kind] += findings[kind].size;
    for (const place of findings[kind]) {
      if (examples.length < mostExamples) examples.push(`${kind}: ${place} (${origin})`);
    }
  }
  return { cycles: tally.cycles + 1, counts, examples };
}

export function addTally(one: Tally, other: Tally): Tally {
  const counts = { ...one.counts };
  for (const kind of kindsOfFinding) counts[kind] += other.counts[kind];
  return {
    cycles: one.cycles + other.cycles,
    counts,
    examples: [...one.examples, ...other.examples].slice(0, mostExamples),
  };
}

export const isClean = ({ counts }: Tally): boolean => kindsOfFinding.every((kind) => counts[kind] === 0);
