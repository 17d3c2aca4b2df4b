import '../../api/no-eval.ts';
import { z } from 'zod';
import { dedupeRuleSchema } from '../../../contract/dedupe.ts';
import { dedupeActions } from '../../../contract/dedupe-words.ts';
import { type Choices, type Mark, noChoices } from './choices.ts';

const storageKey = 'weightroom.duplicates';

/** Choices of older scans are forgotten. */
const scansKept = 4;

/** A mark is the positions that stay; none: skipped. */
const storedSchema = z.object({
  scanId: z.string(),
  rules: z.array(dedupeRuleSchema),
  appliesToAll: z.boolean(),
  action: z.enum(dedupeActions),
  marks: z.array(z.tuple([z.int(), z.array(z.int())])),
});
type Stored = z.infer<typeof storedSchema>;

function loadAll(): readonly Stored[] {
  try {
    const parsed = z.array(storedSchema).safeParse(JSON.parse(localStorage.getItem(storageKey) ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

function saveAll(all: readonly Stored[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(all.slice(0, scansKept)));
  } catch {
    // Without storage the choices live until the page is left.
    return;
  }
}

function markOf(keep: readonly number[]): Mark {
  return keep.length === 0 ? { kind: 'skip' } : { kind: 'keep', keep };
}

export function loadChoices(scanId: string): Choices {
  const stored = loadAll().find((one) => one.scanId === scanId);
  if (!stored) return noChoices;
  return { ...stored, marks: new Map(stored.marks.map(([group, keep]) => [group, markOf(keep)])) };
}

export function saveChoices(scanId: string, { rules, appliesToAll, action, marks }: Choices): void {
  const own: Stored = {
    scanId,
    rules: [...rules],
    appliesToAll,
    action,
    marks: [...marks].map(([group, mark]) => [group, mark.kind === 'skip' ? [] : [...mark.keep]]),
  };
  saveAll([own, ...loadAll().filter((one) => one.scanId !== scanId)]);
}

export function forgetChoices(scanId: string): void {
  saveAll(loadAll().filter((one) => one.scanId !== scanId));
}
