import { relPathOf } from '../../core/catalog/compare-rows.ts';
import { blake3Of, type ContentIndex } from '../../core/catalog/content-index.ts';
import type { FilePosition } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import {
  type Amount,
  addAmounts,
  confirmOf,
  draftStep,
  emptyDraft,
  nothing,
  type PlanDraft,
} from '../../core/transfers/plan-draft.ts';
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
  const steps = chosen.files.map((file) => draftStep('delete', file));
  const lastCopies = await countLastCopies(slot, chosen.files, ports);
  return {
    ...emptyDraft,
    kind: 'delete',
    src: wish.side,
    dst: null,
    what: chosen.what,
    steps,
    sidecars: chosen.sidecars,
    lastCopies,
    staged: definition.undoDeletes,
    folders: chosen.folders,
    ...confirmOf(slot, chosen.files.length),
  };
}

/** Files whose content is not known to lie anywhere else: in another location, or here outside of what is deleted. */
async function countLastCopies(
  slot: LocationSlot,
  files: readonly FilePosition[],
  { registry, contents, pacer }: PlanningPorts,
): Promise<Amount> {
  const going = new Set(files.map(relPathOf));
  const others: { readonly slot: LocationSlot; readonly contents: ContentIndex }[] = [];
  for (const other of registry.list()) others.push({ slot: other, contents: await contents(other) });
  let last = nothing;
  for (const file of files) {
    const blake3 = blake3Of(file);
    const isElsewhere =
      blake3 !== null &&
      others.some((other) =>
        other.contents
          .find(blake3)
          .some((found) => isFile(found) && (other.slot !== slot || !going.has(relPathOf(found)))),
      );
    if (!isElsewhere) last = addAmounts(last, { files: 1, bytes: file.folder.files.size(file.i) });
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return last;
}

/** A link holds no content of its own. */
function isFile({ folder, i }: FilePosition): boolean {
  return folder.files.kind(i) === 'file';
}
