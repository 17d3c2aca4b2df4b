import { z } from 'zod';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import { locationIdSchema } from '../../contract/locations.ts';
import type { TaskPlan } from '../../contract/queue.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import { formatBytes, plural } from '../output/format.ts';
import { dryRunLines, failedItem, planJson, skippedItem } from '../output/plan-report.ts';
import { endedLines } from '../output/task-report.ts';
import { namesIn } from '../rel-paths-in.ts';
import {
  type CarriedOut,
  carryOut,
  hasFailed,
  hasNothingToDo,
  isMissing,
  type ShownPlan,
  showPlan,
} from './carry-out.ts';
import { confirmOrDrop, executeOrDrop } from './confirm-plan.ts';
import { refreshConcerned } from './refresh-concerned.ts';
import { transferExits } from './transfer-exits.ts';
import { requireRunningQueue } from './wait-for-task.ts';

const inputSchema = () =>
  z.object({
    relPath: z.array(z.string().min(1, 'name a file or folder')).min(1),
    side: z.string({ error: 'name the location that loses them' }).pipe(locationIdSchema),
    sidecars: z.boolean().default(false),
    yes: z.boolean().default(false),
    confirm: z.string().optional(),
    refresh: z.boolean().default(true),
    dryRun: z.boolean().default(false),
  });

const deleteFiles = defineCommand({
  path: 'delete',
  summary: 'Delete files and folders of a location that allows it.',
  notes: [
    'The folders concerned are read first, and each file is looked at again right before: one that changed stays. Links lose their name, never what they lead to.',
    'Asks at a terminal; elsewhere it needs --yes. A location can ask for a typed word, which --confirm gives.',
  ],
  args: [{ term: '<relPath...>', summary: 'Files or folders, as paths from the root of the location.' }],
  options: [
    { flags: '--side <id>', summary: 'Location that loses them; always needed.' },
    { flags: '--sidecars', summary: 'Previews and descriptions beside a model go with it.' },
    { flags: '--yes', summary: 'Do not ask.' },
    { flags: '--confirm <text>', summary: 'The word that the location, or the plan, asks for.' },
    { flags: '--no-refresh', summary: 'Act on what the index remembers, without reading the folders first.' },
    { flags: '--dry-run', summary: 'Show what would be deleted, and change nothing.' },
  ],
  examples: [
    { line: 'weightroom delete loras/old.safetensors --side local', meaning: 'Shows what that means, then asks.' },
    { line: 'weightroom delete loras/old --side lake --dry-run', meaning: 'Is it the last copy? How much comes free?' },
    { line: 'weightroom delete loras/old --side lake --yes --json', meaning: 'For a script.' },
  ],
  exits: {
    3: transferExits[3],
    4: transferExits[4],
    5: transferExits[5],
    6: 'The location does not allow deleting, or nobody was there to confirm.',
    7: transferExits[7],
    130: 'Cancelled by Ctrl+C or SIGTERM, or answered with no.',
  },
  input: inputSchema,
  run: runDelete,
  json: (result) => ({ value: 'told' in result ? planJson(result) : deleteJson(result) }),
  text: (result, look) => ('told' in result ? dryRunLines(result, look) : endedLines(result, look)),
  exitStatus: (result) =>
    ('told' in result ? result.told.some(isMissing) : hasFailed(result)) ? exitFinishedWithFailures : 0,
});

async function runDelete(
  input: z.output<ReturnType<typeof inputSchema>>,
  session: Session,
): Promise<CarriedOut | ShownPlan> {
  const { side, sidecars } = input;
  const { api } = await session.engine({ willRead: input.refresh, runsQueue: 'own' });
  if (!input.dryRun) await requireRunningQueue(session);
  const relPaths = await namesIn(side, input.relPath, session);
  if (input.refresh) await refreshConcerned(session, [{ location: side, relPaths }]);
  const plan = await api.planDelete({ side, relPaths, sidecars }, { signal: session.signal });
  if (input.dryRun) return showPlan(plan, session);
  const confirm = hasNothingToDo(plan) ? undefined : await confirmDelete(plan, input, session);
  return carryOut(plan, () => executeOrDrop(plan, confirm, session), session);
}

function confirmDelete(plan: TaskPlan, input: z.output<ReturnType<typeof inputSchema>>, session: Session) {
  const { files, bytes } = plan.buckets.delete ?? { files: 0, bytes: 0 };
  const what = files === 0 ? 'folders without files' : `${plural(files, 'file')}, ${formatBytes(bytes)},`;
  const question = `Delete ${what} from ${plan.src}?`;
  return confirmOrDrop({ plan, question }, input, session);
}

/** The document that the reference promises to scripts; keys are only ever added. */
function deleteJson({ task, failed, skipped }: CarriedOut) {
  return {
    deleted: task?.done.files ?? 0,
    bytes: task?.done.bytes ?? 0,
    skipped: skipped.map(skippedItem),
    failed: failed.map(failedItem),
    undoUntilMs: task?.undoUntilMs ?? null,
    taskId: task?.id ?? null,
  };
}

export const deleteCommands: readonly Command[] = [deleteFiles];
