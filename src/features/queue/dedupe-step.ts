import { AppError } from '../../core/errors/app-error.ts';
import type { Journal, JournalStep } from '../../core/ports/journal.ts';
import type { DedupeCheck, ExpectedFile } from '../../core/ports/transfer-files.ts';

const stepsAtOnce = 1_000;

/** What the journal keeps of a duplicate beside the columns of its step (docs/formats/journal.md). */
export interface DedupeStep {
  readonly keeper: ExpectedFile & { readonly location: string; readonly relPath: string };
  readonly check: DedupeCheck;
  /** Bytes that the plan expects to come free. */
  readonly frees: number;
  /** Bytes that came free. */
  readonly freed?: number;
  readonly endedMs?: number;
}

/** 64-bit numbers as text: JSON would round them. */
export function formatDedupeStep({ keeper, ...rest }: DedupeStep): string {
  const { location, relPath, size, mtimeNs, fileId } = keeper;
  return JSON.stringify({
    keeper: { location, relPath, size, mtimeNs: String(mtimeNs), fileId: String(fileId) },
    ...rest,
  });
}

/** @throws DATABASE_CORRUPT where it is none: without its keeper nothing is removed. */
export function parseDedupeStep({ n, extra }: Pick<JournalStep, 'n' | 'extra'>): DedupeStep {
  try {
    const { keeper, ...rest } = JSON.parse(extra ?? '') as Stored;
    return { keeper: { ...keeper, mtimeNs: BigInt(keeper.mtimeNs), fileId: BigInt(keeper.fileId) }, ...rest };
  } catch (cause) {
    throw new AppError('DATABASE_CORRUPT', `Step ${n} of the task does not say which file is kept.`, { cause });
  }
}

type Stored = Omit<DedupeStep, 'keeper'> & {
  readonly keeper: {
    readonly location: string;
    readonly relPath: string;
    readonly size: number;
    readonly mtimeNs: string;
    readonly fileId: string;
  };
};

/** The files that stay for some step of a task: whatever else its steps say, none of them is removed. */
export async function loadKept(task: string, journal: Journal): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  for (let fromN = 0; ; ) {
    const steps = await journal.steps(task, { fromN, limit: stepsAtOnce, buckets: ['dedupe'] });
    for (const step of steps) {
      const { location, relPath } = parseDedupeStep(step).keeper;
      kept.add(placeKey(location, relPath));
    }
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
    if (steps.length < stepsAtOnce) return kept;
  }
}

export function placeKey(location: string, relPath: string): string {
  return `${location}\0${relPath}`;
}
