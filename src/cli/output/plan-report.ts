import type { Step, TaskPlan } from '../../contract/queue.ts';
import { stepBuckets } from '../../contract/queue-words.ts';
import { formatBytes, formatCount, plural } from './format.ts';
import type { Look } from './look.ts';
import { stepLines } from './step-lines.ts';
import { renderTable } from './table.ts';

type Bucket = (typeof stepBuckets)[number];

function wordsFor(bucket: Bucket, { src, dst }: TaskPlan): string {
  const target = dst ?? src;
  switch (bucket) {
    case 'copy':
      return `copy to ${target}`;
    case 'move':
      return `move to ${target}`;
    case 'delete':
      return `delete from ${target}`;
    case 'dedupe':
      return 'duplicates that go or become links';
    case 'conflict':
      return `conflict: ${target} has something else there`;
    case 'unverified':
      return 'same size, other time: not verified';
    case 'moved':
      return `on ${target} under another path`;
    case 'extra':
      return `only on ${target}, stays there`;
    case 'skipped':
      return 'left out';
  }
}

/** A plan in a few lines: what, how much, and what a person should know before it is carried out. */
export function* planLines(plan: TaskPlan, look: Look): Iterable<string> {
  const buckets = stepBuckets.flatMap((bucket) => {
    const amount = plan.buckets[bucket];
    return amount && amount.files > 0 ? [[bucket, amount] as const] : [];
  });
  if (buckets.length === 0 && plan.folders === 0) yield 'Nothing to do.';
  yield* renderTable<(typeof buckets)[number]>(
    [
      { title: '', align: 'right', cell: ([, { files }]) => plural(files, 'file') },
      { title: '', align: 'right', cell: ([, { bytes }]) => formatBytes(bytes) },
      { title: '', cell: ([bucket]) => wordsFor(bucket, plan), shrinks: true },
    ],
    buckets,
    look,
  );
  yield* remarkLines(plan, look);
}

function* remarkLines(plan: TaskPlan, look: Look): Iterable<string> {
  const { src, dst, sidecars, elsewhere, lastCopies, space, folders, staged, confirmReason } = plan;
  if (folders === 1) yield 'The folder goes too, if nothing is left in it.';
  if (folders > 1) yield `${plural(folders, 'folder')} go too, where nothing is left in them.`;
  if (sidecars > 0) yield `${plural(sidecars, 'file')} of these ${sidecars === 1 ? 'goes' : 'go'} with a model.`;
  if (elsewhere.files > 0) {
    yield `${plural(elsewhere.files, 'file')}, ${formatBytes(elsewhere.bytes)}: ${dst ?? src} has the content already, under another path (see --inside-target).`;
  }
  if (lastCopies.files > 0) {
    yield look.red(
      `${plural(lastCopies.files, 'file')}, ${formatBytes(lastCopies.bytes)}: no other location is known to hold the content.`,
    );
  }
  if (space !== null) {
    const { freeBytes, afterBytes, reserveBytes } = space;
    const free = `Free on ${dst ?? src}: ${formatBytes(freeBytes)} now, ${formatBytes(Math.max(0, afterBytes))} afterwards.`;
    yield afterBytes < reserveBytes
      ? look.red(`${free} That is too little: ${formatBytes(reserveBytes)} stay free.`)
      : free;
  }
  if (staged) yield 'It can be undone for a day.';
  if (confirmReason !== null) yield look.yellow(confirmReason);
}

/** What a plan leaves alone and why, the first of them. */
export function* toldLines(
  told: readonly Step[],
  plan: TaskPlan,
  look: Look,
  count = countTold(plan),
): Iterable<string> {
  if (told.length === 0) return;
  const reason = (step: Step) => step.message ?? wordsFor(step.bucket, plan);
  yield '';
  yield look.bold(`Left as they are (${formatCount(count)})`);
  yield* stepLines(told, { reason, mark: look.yellow('!'), count }, look);
}

function countTold({ buckets }: TaskPlan): number {
  const told = ['conflict', 'unverified', 'moved', 'extra', 'skipped'] as const;
  return told.reduce((sum, bucket) => sum + (buckets[bucket]?.files ?? 0), 0);
}

export function* dryRunLines({ plan, told }: { plan: TaskPlan; told: readonly Step[] }, look: Look): Iterable<string> {
  yield* planLines(plan, look);
  yield* toldLines(told, plan, look);
  yield look.dim('Nothing was changed.');
}

/** The document of `--dry-run`; keys are only ever added. */
export function planJson({ plan, told }: { plan: TaskPlan; told: readonly Step[] }) {
  const { planId: _forgotten, ...rest } = plan;
  return { dryRun: true, ...rest, leftAlone: told.map(skippedItem) };
}

export function failedItem({ relPath, code, message }: Step) {
  return { relPath, code: code ?? 'INTERNAL', message: message ?? 'It failed without a reason.' };
}

export function skippedItem({ relPath, bucket, code, message }: Step) {
  return { relPath, reason: message ?? code ?? bucket, code, bucket };
}

/** One step of a plan or task, for scripts. */
export function stepItem({ n: _n, ...step }: Step) {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== null));
}
