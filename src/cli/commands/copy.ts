import { z } from 'zod';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import { locationIdSchema } from '../../contract/locations.ts';
import { type Command, type CommandExample, type CommandOption, defineCommand, type Session } from '../command.ts';
import { dryRunLines, failedItem, planJson, skippedItem } from '../output/plan-report.ts';
import { endedLines } from '../output/task-report.ts';
import { namesIn } from '../rel-paths-in.ts';
import { type CarriedOut, carryOut, hasFailed, isMissing, type ShownPlan, showPlan } from './carry-out.ts';
import { confirmOrDrop, executeOrDrop } from './confirm-plan.ts';
import { refreshConcerned } from './refresh-concerned.ts';
import { transferExits } from './transfer-exits.ts';
import { requireRunningQueue } from './wait-for-task.ts';

const options: readonly CommandOption[] = [
  { flags: '--from <id>', summary: 'Location to read (default local).' },
  { flags: '--to <id>', summary: 'Location to write to (default lake).' },
  { flags: '--no-sidecars', summary: 'Leave previews and descriptions beside a model behind.' },
  { flags: '--inside-target', summary: 'Take content that the target has under another path from there.' },
  {
    flags: '--verify <how>',
    summary: '`none`, `source` (default: the bytes read are checked) or `readback` (the copy is read again).',
  },
  { flags: '--no-refresh', summary: 'Act on what the index remembers, without reading the folders first.' },
  { flags: '--dry-run', summary: 'Show what would be done, and change nothing.' },
];

const inputSchema = () =>
  z
    .object({
      relPath: z.array(z.string().min(1, 'name a file or folder')).min(1),
      from: locationIdSchema.default('local'),
      to: locationIdSchema.default('lake'),
      sidecars: z.boolean().default(true),
      insideTarget: z.boolean().default(false),
      verify: z.enum(['none', 'source', 'readback'], { error: 'give none, source or readback' }).default('source'),
      refresh: z.boolean().default(true),
      dryRun: z.boolean().default(false),
      confirm: z.string().optional(),
    })
    .refine(({ from, to }) => from !== to, { path: ['to'], message: 'name two different locations' });

type Transferred = CarriedOut | ShownPlan;

interface Words {
  readonly path: 'copy' | 'move';
  readonly summary: string;
  readonly notes: readonly string[];
  readonly examples: readonly CommandExample[];
  readonly options?: readonly CommandOption[];
  readonly exits?: Readonly<Record<number, string>>;
}

function defineTransfer(words: Words): Command {
  return defineCommand({
    ...words,
    args: [{ term: '<relPath...>', summary: 'Files or folders, as paths from the root of the location.' }],
    options: [...options, ...(words.options ?? [])],
    exits: { ...transferExits, ...words.exits },
    input: inputSchema,
    run: (input, session) => transfer(input, words.path === 'move', session),
    json: (result) => ({ value: 'told' in result ? planJson(result) : copyJson(result) }),
    text: (result, look) => ('told' in result ? dryRunLines(result, look) : endedLines(result, look)),
    exitStatus: (result) =>
      ('told' in result ? result.told.some(isMissing) : hasFailed(result)) ? exitFinishedWithFailures : 0,
  });
}

async function transfer(
  input: z.output<ReturnType<typeof inputSchema>>,
  move: boolean,
  session: Session,
): Promise<Transferred> {
  const { from, to, sidecars, insideTarget, verify } = input;
  const { api } = await session.engine({ willRead: input.refresh, runsQueue: 'own' });
  if (!input.dryRun) await requireRunningQueue(session);
  const relPath = await namesIn(from, input.relPath, session);
  const locations = [from, to];
  if (input.refresh)
    await refreshConcerned(
      session,
      locations.map((location) => ({ location, relPaths: relPath })),
    );
  const what = { srcSide: from, srcRelPaths: relPath, dstSide: to };
  const plan = await api.planCopy({ ...what, sidecars, insideTarget, verify, move }, { signal: session.signal });
  if (input.dryRun) return showPlan(plan, session);
  const asked = { plan, question: `Move from ${from} to ${to}?` };
  const confirm = await confirmOrDrop(asked, { yes: true, confirm: input.confirm }, session);
  return carryOut(plan, () => executeOrDrop(plan, confirm, session), session);
}

/** The document that the reference promises to scripts; keys are only ever added. */
function copyJson({ plan, task, failed, skipped, skippedCount }: CarriedOut) {
  return {
    done: task?.done.files ?? 0,
    skipped: skippedCount,
    failed: failed.map(failedItem),
    bytes: task?.done.bytes ?? 0,
    taskId: task?.id ?? null,
    skippedFiles: skipped.map(skippedItem),
    ...(plan.kind === 'move' ? { sourcesKept: skippedCount + failed.filter((step) => !isMissing(step)).length } : {}),
  };
}

const copy = defineTransfer({
  path: 'copy',
  summary: 'Copy files and folders to the same path in another location. Never overwrites.',
  notes: [
    'The folders concerned are read first. Each copy is written beside its final name, hashed while it is copied, made durable, and only then given its name.',
    'Waits for the end. Ctrl+C ends the copy and removes the unfinished file; when a server runs, the copy goes on there.',
  ],
  examples: [
    { line: 'weightroom copy loras/flux/detail.safetensors', meaning: 'One file from local to lake.' },
    { line: 'weightroom copy checkpoints vae --from lake --to local', meaning: 'Two folders, back from the lake.' },
    { line: 'weightroom copy loras --dry-run', meaning: 'Files, bytes and free space, with nothing changed.' },
    { line: 'weightroom copy loras --verify readback --json', meaning: 'Read every copy again; totals for a script.' },
  ],
});

const move = defineTransfer({
  path: 'move',
  summary: 'Copy files and folders, and delete each source once its copy is durable and verified.',
  notes: [
    'Needs a source that allows deleting. A file whose copy fails, or whose drive cannot promise that the copy is on it, stays where it was.',
    'Waits for the end. Ctrl+C ends the move and removes the unfinished file; when a server runs, the move goes on there.',
  ],
  options: [{ flags: '--confirm <text>', summary: 'The word that a location asks for before it deletes.' }],
  examples: [
    { line: 'weightroom move unet/flux1-dev.safetensors', meaning: 'Make room: one file from local to lake.' },
    { line: 'weightroom move loras/old --dry-run', meaning: 'Files, bytes and free space, with nothing changed.' },
  ],
  exits: { 6: 'The source does not allow deleting, or asks for `--confirm`.' },
});

export const transferCommands: readonly Command[] = [copy, move];
