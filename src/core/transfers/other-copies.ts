import { relPathOf } from '../catalog/compare-rows.ts';
import type { ContentIndex } from '../catalog/content-index.ts';
import type { FilePosition } from '../catalog/location-index.ts';
import type { LocationSlot } from '../catalog/location-slot.ts';
import type { Pacer } from '../ports/clock.ts';
import { type Amount, addAmounts, nothing, type StepDraft } from './plan-draft.ts';
import { areApart } from './volume-pair.ts';

export interface OtherCopiesPorts {
  readonly locations: () => readonly LocationSlot[];
  readonly contents: (slot: LocationSlot) => Promise<ContentIndex>;
}

type Going = Pick<StepDraft, 'blake3' | 'fileId'>;

/** Is the content of a file known to lie anywhere but under `going`: in another location, or in this one? */
export type HasOtherCopy = (file: Going, going: ReadonlySet<string>) => boolean;

/** Marks a delete that a person asked for while its content had another known copy. */
export const hadOtherCopy = 'other-copy';

/** As the indexes know it now. */
export async function findOtherCopies(slot: LocationSlot, ports: OtherCopiesPorts): Promise<HasOtherCopy> {
  const others: { readonly other: LocationSlot; readonly isApart: boolean; readonly contents: ContentIndex }[] = [];
  for (const other of ports.locations()) {
    // What cannot be loaded knows of no copy.
    await other.loaded.catch(() => {});
    others.push({ other, isApart: areApart(slot, other), contents: await ports.contents(other) });
  }
  return ({ blake3, fileId }, going) =>
    blake3 !== null &&
    others.some(({ other, isApart, contents }) =>
      contents.find(blake3).some((found) => {
        if (!isFile(found)) return false;
        if (other === slot) return !going.has(relPathOf(found));
        // The same file by another path goes with it.
        return isApart || found.folder.files.fileId(found.i) !== fileId;
      }),
    );
}

/** A link holds no content of its own. */
function isFile({ folder, i }: FilePosition): boolean {
  return folder.files.kind(i) === 'file';
}

export interface Deletes {
  readonly steps: readonly StepDraft[];
  readonly lastCopies: Amount;
}

/** Tells which of the steps delete the last known copy of something, and marks those that do not. */
export async function tellLastCopies(
  slot: LocationSlot,
  steps: readonly StepDraft[],
  { pacer, ...ports }: OtherCopiesPorts & { readonly pacer: Pacer },
): Promise<Deletes> {
  const going = new Set(steps.filter(({ bucket }) => bucket === 'delete').map(({ relPath }) => relPath));
  if (going.size === 0) return { steps, lastCopies: nothing };
  const hasOther = await findOtherCopies(slot, ports);
  const told: StepDraft[] = [];
  let lastCopies = nothing;
  for (const step of steps) {
    const isSpare = step.bucket === 'delete' && hasOther(step, going);
    if (step.bucket === 'delete' && !isSpare) lastCopies = addAmounts(lastCopies, { files: 1, bytes: step.size });
    told.push(isSpare ? { ...step, extra: hadOtherCopy } : step);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { steps: told, lastCopies };
}
