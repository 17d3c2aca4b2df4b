import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { callWeightroom as call, program, repository } from './call-weightroom.ts';
import { type Mover, type Performed, type PerformOptions, performedFrom } from './mover.ts';
import type { Order } from './oracle.ts';
import type { GroupEnd } from './process-group.ts';
import { restart } from './weightroom-restart.ts';

function wordsOf({ verb, relPaths }: Order, readBack: boolean): readonly string[] {
  if (verb === 'delete') return ['delete', ...relPaths, '--side', 'lake', '--yes', '--json'];
  const verify = readBack ? ['--verify', 'readback'] : [];
  return [verb, ...relPaths, '--from', 'local', '--to', 'lake', ...verify, '--json'];
}

async function perform(order: Order, options: PerformOptions): Promise<Performed> {
  if (order.verb !== 'mirror') return saidBy(await call(wordsOf(order, options.readBack === true), options));
  const where = ['--from', 'local', '--to', 'lake', '--folder', order.folder ?? '', '--delete-extras', '--json'];
  const planned = await call(['mirror', 'plan', ...where], options);
  if (planned.status !== 0) return saidBy(planned);
  const { planId, plan } = JSON.parse(planned.stdout) as { planId: string; plan?: { confirm: string | null } };
  const confirm = plan?.confirm ? ['--confirm', plan.confirm] : [];
  return saidBy(await call(['mirror', 'execute', planId, '--yes', ...confirm, '--json'], options));
}

/** What it left out with a reason was not done. */
function saidBy(end: GroupEnd): Performed {
  const { isDone, said } = performedFrom(end);
  const { skipped = [] } = isDone ? (JSON.parse(end.stdout) as { skipped?: number | readonly unknown[] }) : {};
  return { isDone: isDone && (typeof skipped === 'number' ? skipped === 0 : skipped.length === 0), said };
}

export const weightroom: Mover = {
  name: 'weightroom',
  verbs: ['copy', 'move', 'delete', 'mirror'],
  usesLibc: true,
  version: () =>
    existsSync(program)
      ? (JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { version: string }).version
      : null,
  perform,
  recover: restart,
};
