import { z } from 'zod';
import { dedupeScanSchema, scanIdSchema } from '../../contract/dedupe.ts';
import { dedupeActions } from '../../contract/dedupe-words.ts';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import { locationIdSchema } from '../../contract/locations.ts';
import { type Command, defineCommand } from '../command.ts';
import { appliedJson, appliedLines } from '../output/dedupe-outcome.ts';
import { planJson, planLines } from '../output/dedupe-plan-report.ts';
import { groupLines, scanJson, scanLines, scansTable } from '../output/dedupe-report.ts';
import { applyRules } from './dedupe-apply.ts';
import { firstGroups, groupPages, readScan, runScan } from './dedupe-scan.ts';
import { transferExits } from './transfer-exits.ts';

const offline = transferExits[7];

const scan = defineCommand({
  path: 'dedupe scan',
  summary: 'Find files of equal content, in one location or across several.',
  notes: [
    'The folders are read first. Files of one size are told apart by their ends, then by BLAKE3 hashes of all their bytes; only equal hashes make a group. What is read is remembered: a second scan of unchanged files reads none of them again.',
    'Names of one file (hard links) free nothing; they are marked. Nothing is changed by a scan.',
  ],
  options: [
    { flags: '--side <id...>', summary: 'Location to look through (default local); several are compared as well.' },
    { flags: '--folder <relPath>', summary: 'Only this folder and what is below it.' },
    { flags: '--min-bytes <n>', summary: 'Leave smaller files out (default 1: only empty ones).' },
    { flags: '--variants', summary: 'Also look for re-saved models: equal tensors under another header.' },
    { flags: '--summary', summary: 'The totals, without the groups.' },
    { flags: '--limit <n>', summary: 'Groups to show (default 10); with --json all are printed.' },
  ],
  examples: [
    { line: 'weightroom dedupe scan', meaning: 'What lies twice on local, and how much that takes.' },
    { line: 'weightroom dedupe scan --side local --side lake', meaning: 'Across both locations.' },
    { line: 'weightroom dedupe scan --folder loras --min-bytes 1000000', meaning: 'One folder, no small files.' },
    { line: 'weightroom dedupe scan --side local --json', meaning: 'All groups for a script, and the id of the scan.' },
  ],
  exits: {
    3: 'Finished, but some files or folders could not be read, so what they hold was not compared.',
    4: 'No location has this id, or it has no such folder.',
    7: offline,
  },
  input: () =>
    z.object({
      side: z.array(locationIdSchema).min(1).max(20).default(['local']),
      folder: z.string().max(4096).default(''),
      minBytes: z.coerce.number({ error: 'give a number of bytes' }).int('give a whole number').min(1).default(1),
      variants: z.boolean().default(false),
      summary: z.boolean().default(false),
      limit: z.coerce.number({ error: 'give a number' }).int('give a whole number').min(0).max(1000).default(10),
    }),
  async run(input, session) {
    const { scan: found, failures } = await runScan(input, session);
    const first = session.json || input.summary ? [] : await firstGroups(found.scanId, input.limit, session);
    const pages = input.summary ? null : groupPages(found.scanId, session);
    return { scan: found, failures, first, pages };
  },
  json: scanJson,
  text: scanLines,
  exitStatus: ({ scan: { unreadable }, failures }) =>
    unreadable > 0 || failures.length > 0 ? exitFinishedWithFailures : 0,
});

const list = defineCommand({
  path: 'dedupe list',
  summary: 'Scans that are kept, or the groups of one of them.',
  args: [{ term: '[scanId]', summary: 'Id of a scan, as `dedupe scan` prints it.' }],
  options: [{ flags: '--limit <n>', summary: 'Groups to show (default 50); with --json all are printed.' }],
  examples: [
    { line: 'weightroom dedupe list', meaning: 'The newest 20 scans.' },
    { line: 'weightroom dedupe list k3x9a2b7 --limit 200', meaning: 'Its groups, those that free most first.' },
  ],
  exits: { 4: 'No scan has this id.' },
  input: () =>
    z.object({
      scanId: scanIdSchema.optional(),
      limit: z.coerce.number({ error: 'give a number' }).int('give a whole number').min(0).max(100_000).default(50),
    }),
  async run({ scanId, limit }, session) {
    const { api } = await session.engine();
    if (scanId === undefined) return { scans: (await api.duplicateScans({})).scans };
    const found = await readScan(scanId, session);
    const first = session.json ? [] : await firstGroups(scanId, limit, session);
    return { scan: found, failures: [], first, pages: groupPages(scanId, session) };
  },
  json: (result) =>
    'scans' in result ? { value: { scans: result.scans.map((one) => dedupeScanSchema.parse(one)) } } : scanJson(result),
  text: (result, look) => ('scans' in result ? scansTable(result.scans, look) : groupLines(result, look)),
});

const ruleSummary =
  'Which file of a group stays; the first rule that tells files apart decides: shortest-path, oldest, newest, has-sidecars, prefer:FOLDER, protect:FOLDER (all files in it stay), each also as prefer:LOCATION:FOLDER.';

const apply = defineCommand({
  path: 'dedupe apply',
  summary: 'Keep one file of each group, by rules, and delete or replace the others.',
  notes: [
    'Deletes for good, whatever the locations allow. Right before each file both it and the one that stays are looked at again and compared by content; anything odd is left alone and told. The last file of a content is never touched.',
    'Asks at a terminal; elsewhere it needs --yes.',
  ],
  args: [{ term: '<scanId>', summary: 'Id of a scan, as `dedupe scan` prints it.' }],
  options: [
    { flags: '--rule <rule...>', summary: ruleSummary },
    {
      flags: '--action <action>',
      summary: `What becomes of the others: ${dedupeActions.join(', ')} (default delete).`,
    },
    { flags: '--paranoid', summary: 'Compare byte by byte right before, whatever is known.' },
    { flags: '--dry-run', summary: 'Show what would be done, and change nothing.' },
    { flags: '--yes', summary: 'Do not ask.' },
  ],
  examples: [
    { line: 'weightroom dedupe apply k3x9a2b7 --rule shortest-path --dry-run', meaning: 'What would go, and where.' },
    {
      line: 'weightroom dedupe apply k3x9a2b7 --rule prefer:checkpoints --rule oldest',
      meaning: 'Shows it, then asks.',
    },
    {
      line: 'weightroom dedupe apply k3x9a2b7 --rule protect:lake: --rule newest --action hardlink --yes --json',
      meaning: 'Nothing of the lake goes; for a script.',
    },
  ],
  exits: {
    3: 'Finished, but some files were left as they are; they are listed with the reason.',
    4: 'No scan has this id, or it looked through no folder that a rule names.',
    5: 'The scan still runs or stopped with the program, or the queue is paused.',
    6: 'Nobody was there to confirm.',
    7: offline,
    130: 'Cancelled by Ctrl+C or SIGTERM, or answered with no.',
  },
  input: () =>
    z.object({
      scanId: scanIdSchema,
      rule: z.array(z.string(), { error: 'name a rule, such as shortest-path' }).min(1).max(50),
      action: z.enum(dedupeActions).default('delete'),
      paranoid: z.boolean().default(false),
      dryRun: z.boolean().default(false),
      yes: z.boolean().default(false),
    }),
  run: applyRules,
  json: (result) => ({ value: 'task' in result ? appliedJson(result) : planJson(result) }),
  text: (result, look) => ('task' in result ? appliedLines(result, look) : planLines(result.plan, look)),
  exitStatus: (result) =>
    'task' in result && result.skipped.length + result.plan.problems.length > 0 ? exitFinishedWithFailures : 0,
});

export const dedupeCommands: readonly Command[] = [scan, list, apply];
