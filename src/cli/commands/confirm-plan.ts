import type { Task, TaskPlan } from '../../contract/queue.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Session } from '../command.ts';
import { createLook } from '../output/look.ts';
import { planLines } from '../output/plan-report.ts';

export interface Confirmation {
  readonly yes: boolean;
  readonly confirm?: string | undefined;
}

interface Asked {
  readonly plan: TaskPlan;
  readonly question: string;
}

/**
 * Lets a person confirm a plan before it is carried out. Resolves with the text that the plan asks for; rejects when
 * nobody is there to ask, or the answer is no.
 */
export async function confirmPlan(
  { plan, question }: Asked,
  { yes, confirm }: Confirmation,
  { host, json, progress, signal }: Session,
): Promise<string | undefined> {
  const word = plan.confirm;
  if (word === null ? yes || confirm !== undefined : confirm === word) return confirm;
  if (host.ask === null || json || confirm !== undefined) throw nobodyToAsk({ plan, question });
  await progress.clear();
  const summary = planLines(plan, createLook({ columns: host.stderr.columns, color: host.color }));
  const prompt = word === null ? `${question} [y/N] ` : `Type ${word} to go on: `;
  const answer = (await host.ask([...summary, prompt].join('\n'), signal)).trim();
  const isConfirmed = word === null ? /^y(es)?$/i.test(answer) : answer === word;
  if (!isConfirmed) throw new AppError('CANCELLED', 'Not confirmed, so nothing was changed.');
  return word ?? undefined;
}

/** As `confirmPlan`; a plan that was made for this command alone is forgotten when it is not confirmed. */
export async function confirmOrDrop(
  asked: Asked,
  confirmation: Confirmation,
  session: Session,
): Promise<string | undefined> {
  try {
    return await confirmPlan(asked, confirmation, session);
  } catch (thrown) {
    const { api } = await session.engine();
    await api.dropPlan({ planId: asked.plan.planId }).catch(() => {});
    throw thrown;
  }
}

/** Puts a plan that was made for this command alone into the queue; what cannot be queued is forgotten. */
export async function executeOrDrop(
  { planId }: TaskPlan,
  confirm: string | undefined,
  session: Session,
): Promise<Task> {
  const { api } = await session.engine();
  try {
    return await api.executePlan({ planId, confirm });
  } catch (thrown) {
    await api.dropPlan({ planId }).catch(() => {});
    throw thrown;
  }
}

function nobodyToAsk({ plan: { confirm, confirmReason }, question }: Asked): AppError {
  if (confirm === null) {
    return new AppError('CONFIRMATION_NEEDED', `${question} That has to be confirmed, and nobody is there to ask.`, {
      hint: 'Look at it with `--dry-run`, then add `--yes`.',
    });
  }
  return new AppError('CONFIRMATION_NEEDED', confirmReason ?? `${question} That needs a typed word.`, {
    hint: `If that is right, add \`--confirm "${confirm}"\`.`,
  });
}
