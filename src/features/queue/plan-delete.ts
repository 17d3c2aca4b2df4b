import { AppError } from '../../core/errors/app-error.ts';
import { tellLastCopies } from '../../core/transfers/other-copies.ts';
import { confirmOf, draftStep, emptyDraft, type PlanDraft } from '../../core/transfers/plan-draft.ts';
import { type Choice, choose } from './chosen-files.ts';
import type { PlanningPorts } from './plan-copy.ts';
import { notDeletable } from './plans.ts';

export interface DeleteWish {
  readonly side: string;
  readonly choice: Choice;
  readonly sidecars: boolean;
}

/** What deleting files of one location comes down to. Reads the index only. */
export async function draftDelete(wish: DeleteWish, ports: PlanningPorts): Promise<PlanDraft> {
  const slot = ports.registry.require(wish.side);
  const { definition } = slot;
  if (!definition.allowDelete) throw notDeletable(definition.name, definition.id);
  if (slot.facts === null) await ports.registry.look(slot);
  const chosen = await choose(slot, wish.choice, wish.sidecars ? 'own' : 'none', ports);
  if (chosen.folders.includes(''))
    throw new AppError('INVALID_INPUT', 'A whole location is not deleted; name its files or folders.');
  const drafts = chosen.files.map((file) => draftStep('delete', file));
  const { steps, lastCopies } = await tellLastCopies(slot, drafts, {
    ...ports,
    locations: () => ports.registry.list(),
  });
  return {
    ...emptyDraft,
    kind: 'delete',
    src: wish.side,
    dst: null,
    what: chosen.what,
    steps: [...chosen.missing, ...steps],
    sidecars: chosen.sidecars,
    lastCopies,
    staged: definition.undoDeletes,
    folders: chosen.folders,
    ...confirmOf(slot, chosen.files.length),
  };
}
