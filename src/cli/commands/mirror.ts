import { z } from 'zod';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import type { Problem } from '../../contract/indexing.ts';
import { locationIdSchema } from '../../contract/locations.ts';
import type { MirrorPlan } from '../../contract/mirror.ts';
import { type Step, taskIdSchema } from '../../contract/queue.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import { jsonWithList } from '../output/json-stream.ts';
import { dryRunLines, planJson, planLines, stepItem, toldLines } from '../output/plan-report.ts';
import { problemLines } from '../output/problem-lines.ts';
import { endedLines } from '../output/task-report.ts';
import { folderIn } from '../rel-paths-in.ts';
import { carryOut, hasFailed, hasNothingToDo, toldBuckets } from './carry-out.ts';
import { confirmPlan } from './confirm-plan.ts';
import { type Mirrored, mirroredJson, sumDone } from './mirror-outcome.ts';
import { refreshConcerned } from './refresh-concerned.ts';
import { isFailure, listAllProblems } from './refresh-outcome.ts';
import { requireReachable } from './require-reachable.ts';
import { firstSteps, stepPages } from './task-steps.ts';
import { transferExits } from './transfer-exits.ts';
import { requireRunningQueue } from './wait-for-task.ts';

interface Planned {
  readonly mirror: MirrorPlan;
  readonly problems: readonly Problem[];
  readonly told: readonly Step[];
  /** Every step, for scripts. */
  readonly pages?: AsyncIterable<readonly Step[]>;
}

const planSchema = () =>
  z
    .object({
      from: locationIdSchema.default('local'),
      to: locationIdSchema.default('lake'),
      folder: z.string().max(4096).default(''),
      deleteExtras: z.boolean().default(false),
      onConflict: z.enum(['skip', 'stop'], { error: 'give skip or stop' }).default('skip'),
      entries: z.boolean().default(false),
      refresh: z.boolean().default(true),
    })
    .refine(({ from, to }) => from !== to, { path: ['to'], message: 'name two different locations' });

const plan = defineCommand({
  path: 'mirror plan',
  summary: 'Plan what would make a location, or a folder of it, like another one. Nothing is changed.',
  notes: [
    'Both are read first. The plan is kept for a day; `mirror execute` carries it out. Files that differ, and files that are not verified, are told and never touched.',
    '`mirror --plan` and `mirror --execute PLANID` are the same two commands.',
  ],
  options: [
    { flags: '--from <id>', summary: 'Location to read (default local).' },
    { flags: '--to <id>', summary: 'Location to change (default lake).' },
    { flags: '--folder <path>', summary: 'Only this folder and what is below it.' },
    { flags: '--delete-extras', summary: 'Delete what only the target has, where it allows deleting.' },
    { flags: '--on-conflict <how>', summary: '`skip` (default), or `stop`: execute refuses while there is one.' },
    { flags: '--no-refresh', summary: 'Plan with what the index remembers, without reading the folders first.' },
    { flags: '--entries', summary: 'With --json: every step, not the summary alone.' },
  ],
  examples: [
    { line: 'weightroom mirror plan', meaning: 'What the lake lacks of local.' },
    { line: 'weightroom mirror plan --from lake --to local --folder loras', meaning: 'One folder, the other way.' },
    { line: 'weightroom mirror plan --delete-extras --json --entries', meaning: 'Everything, for a script.' },
  ],
  exits: {
    3: 'Planned, but some files or folders could not be read; they are listed.',
    4: 'No location has this id, or it has no such folder.',
    7: transferExits[7],
  },
  input: planSchema,
  run: runPlan,
  json: planDocument,
  text: plannedLines,
  exitStatus: ({ problems }) => (problems.some(isFailure) ? exitFinishedWithFailures : 0),
});

async function runPlan(input: z.output<ReturnType<typeof planSchema>>, session: Session): Promise<Planned> {
  const { from, to, deleteExtras, onConflict } = input;
  const { api } = await session.engine({ willRead: input.refresh });
  const sides = [from, to];
  const folder = await folderIn(sides, input.folder, session);
  if (input.refresh)
    await refreshConcerned(
      session,
      sides.map((location) => ({ location, relPaths: [folder] })),
    );
  const mirror = await api.planMirror(
    { srcSide: from, srcRelFolder: folder, dstSide: to, deleteExtras, onConflict },
    { signal: session.signal },
  );
  // Steps are answered for once all of them are stored; before that the plan is not there for the next command.
  const told = await firstSteps(api, mirror.planId, { buckets: toldBuckets }, session.json ? 1 : 1000);
  const pages = input.entries ? { pages: stepPages(api, mirror.planId, {}, session.signal) } : {};
  return { mirror, told, problems: await listAllProblems(api, sides, session.signal), ...pages };
}

/** The document that the reference promises to scripts; keys are only ever added. */
function planDocument({ mirror, problems, pages }: Planned) {
  const { planId, summary, deleteExtras, deletesAllowed, onConflict } = mirror;
  const { src, dst, sidecars, lastCopies, space, confirm, confirmReason } = mirror.plan;
  const head = { planId, summary, from: src, to: dst, deleteExtras, deletesAllowed, onConflict };
  const value = { ...head, sidecars, lastCopies, space, confirm, confirmReason, problems };
  if (pages === undefined) return { value };
  return { pieces: jsonWithList({ head: value, list: 'entries', pages: itemPages(pages) }) };
}

async function* itemPages(pages: AsyncIterable<readonly Step[]>): AsyncIterable<readonly unknown[]> {
  for await (const steps of pages) yield steps.map(stepItem);
}

function* plannedLines({ mirror, problems, told }: Planned, look: Parameters<typeof planLines>[1]): Iterable<string> {
  const { planId, deleteExtras, deletesAllowed } = mirror;
  yield* planLines(mirror.plan, look);
  if (deleteExtras && !deletesAllowed) yield `${mirror.plan.dst} does not allow deleting, so its extra files stay.`;
  yield* toldLines(told, mirror.plan, look);
  yield* problemLines(problems, look);
  yield '';
  yield `Carry it out within a day: weightroom mirror execute ${planId}`;
}

const execute = defineCommand({
  path: 'mirror execute',
  summary: 'Carry out a mirror plan. Every step is checked again; a stale one is skipped and told.',
  notes: [
    'Asks at a terminal; elsewhere it needs --yes. A plan that deletes more than half of the target needs a typed word, which --confirm gives.',
  ],
  args: [{ term: '<planId>', summary: 'Id that `weightroom mirror plan` printed.' }],
  options: [
    { flags: '--yes', summary: 'Do not ask.' },
    { flags: '--confirm <text>', summary: 'The word that the plan asks for.' },
    { flags: '--dry-run', summary: 'Show the plan again, and change nothing.' },
  ],
  examples: [
    { line: 'weightroom mirror execute k3v9x2ab', meaning: 'Shows the plan, asks, and waits for the end.' },
    { line: 'weightroom mirror execute k3v9x2ab --yes --json', meaning: 'For a script.' },
  ],
  exits: {
    ...transferExits,
    4: 'There is no such plan; it may have been carried out, or be older than a day.',
    5: 'The queue is paused, the plan is stale, or it has a conflict and was made with `--on-conflict stop`.',
    6: 'Nobody was there to confirm.',
    130: 'Cancelled by Ctrl+C or SIGTERM, or answered with no.',
  },
  input: () =>
    z.object({
      planId: taskIdSchema,
      yes: z.boolean().default(false),
      confirm: z.string().optional(),
      dryRun: z.boolean().default(false),
    }),
  async run({ planId, yes, confirm, dryRun }, session): Promise<Mirrored> {
    const { api } = await session.engine({ willRead: true, runsQueue: 'own' });
    const { plan } = await api.readMirrorPlan({ planId });
    if (dryRun) return { plan, told: await firstSteps(api, planId, { buckets: toldBuckets }, 1000) };
    await requireRunningQueue(session);
    if (!hasNothingToDo(plan)) await requireReachable([plan.src, plan.dst], session);
    const question = `Carry out plan ${planId}, ${plan.src} to ${plan.dst}?`;
    const typed = await confirmPlan({ plan, question }, { yes: yes || hasNothingToDo(plan), confirm }, session);
    const ended = await carryOut(plan, () => api.executeMirror({ planId, confirm: typed }), session);
    return { ...ended, sums: ended.task === null ? null : await sumDone(api, ended.task.id) };
  },
  json: (result) => ({
    value: 'told' in result ? { ...planJson(result), planId: result.plan.planId } : mirroredJson(result),
  }),
  text: (result, look) => ('told' in result ? dryRunLines(result, look) : endedLines(result, look)),
  exitStatus: (result) => ('told' in result || !hasFailed(result) ? 0 : exitFinishedWithFailures),
});

export const mirrorCommands: readonly Command[] = [plan, execute];
