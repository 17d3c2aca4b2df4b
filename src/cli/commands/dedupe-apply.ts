import type { DedupePlan, DedupeRule } from '../../contract/dedupe.ts';
import type { dedupeActions } from '../../contract/dedupe-words.ts';
import type { Step } from '../../contract/queue.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Session } from '../command.ts';
import type { Applied } from '../output/dedupe-outcome.ts';
import { actionWords, planLines } from '../output/dedupe-plan-report.ts';
import { formatBytes, plural } from '../output/format.ts';
import { createLook } from '../output/look.ts';
import { readScan } from './dedupe-scan.ts';
import { requireReachable } from './require-reachable.ts';
import { stepPages } from './task-steps.ts';
import { requireRunningQueue, waitForTask } from './wait-for-task.ts';

export interface ApplyRequest {
  readonly scanId: string;
  readonly rule: readonly string[];
  readonly action: (typeof dedupeActions)[number];
  readonly paranoid: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** Plans, asks where nobody has said yes, carries out and waits. */
export async function applyRules(
  { scanId, rule, action, paranoid, dryRun, yes }: ApplyRequest,
  session: Session,
): Promise<Applied | { readonly plan: DedupePlan }> {
  const { api } = await session.engine({ willRead: !dryRun, ...(dryRun ? {} : { runsQueue: 'own' }) });
  if (!dryRun) await requireRunningQueue(session);
  const { sides } = await readScan(scanId, session);
  const choice = { scanId, action, rules: rule.map((text) => parseRule(text, sides)) };
  const plan = await api.planDedupe(choice, { signal: session.signal });
  requireKnownFolders(plan);
  if (dryRun) return { plan };
  if (plan.total.files === 0) return { plan, task: null, skipped: [] };
  await requireReachable(sides, session);
  if (!yes) await confirm(plan, session);
  session.signal.throwIfAborted();
  const started = await api.executeDedupe({ ...choice, confirmed: plan.total, paranoid });
  const { task } = await waitForTask(started, session);
  const skipped: Step[] = [];
  const left = { states: ['skipped' as const, 'failed' as const, 'cancelled' as const] };
  for await (const page of stepPages(api, task.id, left)) skipped.push(...page);
  return { plan, task, skipped };
}

const plainRules = ['shortest-path', 'oldest', 'newest', 'has-sidecars'] as const;

/** `prefer:loras`, `protect:lake:loras`: what stands before a second colon is a location when the scan has it. */
function parseRule(text: string, sides: readonly string[]): DedupeRule {
  const plain = plainRules.find((kind) => kind === text);
  if (plain) return { kind: plain };
  const [, kind, rest = ''] = /^(prefer|protect):(.*)$/s.exec(text) ?? [];
  const colon = rest.indexOf(':');
  const location = sides.find((side) => colon > 0 && side === rest.slice(0, colon));
  const folder = location === undefined ? rest : rest.slice(colon + 1);
  if ((kind === 'prefer' || kind === 'protect') && (folder !== '' || location !== undefined)) {
    return { kind, folder, ...(location === undefined ? {} : { location }) };
  }
  throw new AppError('INVALID_INPUT', `--rule: “${text}” is not a rule.`, {
    hint: `Rules are ${plainRules.join(', ')}, prefer:FOLDER and protect:FOLDER.`,
  });
}

/** A misspelt folder would let the next rule decide, and a protected one go. */
function requireKnownFolders({ unknownFolders }: DedupePlan): void {
  const [folder] = unknownFolders;
  if (folder === undefined) return;
  throw new AppError('ENTRY_NOT_FOUND', `--rule: the scan looked through no folder “${folder}”.`, {
    hint: 'Check the spelling; upper and lower case count.',
  });
}

async function confirm(plan: DedupePlan, { host, json, progress, signal }: Session): Promise<void> {
  const { files, bytes } = plan.total;
  const where = plan.byLocation.map(({ location }) => location).join(' and ');
  const action = actionWords[plan.action];
  const question = `${action.charAt(0).toUpperCase()}${action.slice(1)}: ${plural(files, 'file')}, ${formatBytes(bytes)}, on ${where}?`;
  if (host.ask === null || json) {
    throw new AppError('CONFIRMATION_NEEDED', `${question} That has to be confirmed, and nobody is there to ask.`, {
      hint: 'Look at it with `--dry-run`, then add `--yes`.',
    });
  }
  await progress.clear();
  const summary = planLines(plan, createLook({ columns: host.stderr.columns, color: host.color }));
  const answer = (await host.ask([...summary, `${question} [y/N] `].join('\n'), signal)).trim();
  if (!/^y(es)?$/i.test(answer)) throw new AppError('CANCELLED', 'Not confirmed, so nothing was changed.');
}
