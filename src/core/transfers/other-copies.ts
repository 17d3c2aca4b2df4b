import { relPathOf } from '../catalog/compare-rows.ts';
import type { ContentIndex } from '../catalog/content-index.ts';
import { deviceOf } from '../catalog/device-of.ts';
import { type FilePosition, findFile } from '../catalog/location-index.ts';
import type { LocationSlot } from '../catalog/location-slot.ts';
import type { Pacer } from '../ports/clock.ts';
import { type Amount, addAmounts, nothing, type StepDraft } from './plan-draft.ts';
import { areApart } from './volume-pair.ts';

export interface OtherCopiesPorts {
  readonly locations: () => readonly LocationSlot[];
  readonly contents: (slot: LocationSlot) => Promise<ContentIndex>;
}

type Going = Pick<StepDraft, 'blake3' | 'fileId' | 'relPath'>;

export interface OtherCopy extends FilePosition {
  readonly slot: LocationSlot;
}

/** Where the content of a file is known to lie but under `going`: in other locations, or in this one. */
export type OtherCopiesOf = (file: Going, going: ReadonlySet<string>) => readonly OtherCopy[];

/** More are as good as these. */
const mostCopies = 8;

/** Marks a delete that a person asked for while its content had another known copy. */
export const hadOtherCopy = 'other-copy';

/** As the indexes know it now. */
export async function findOtherCopies(slot: LocationSlot, ports: OtherCopiesPorts): Promise<OtherCopiesOf> {
  const others: { readonly other: LocationSlot; readonly isApart: boolean; readonly contents: ContentIndex }[] = [];
  for (const other of ports.locations()) {
    // What cannot be loaded knows of no copy.
    await other.loaded.catch(() => {});
    others.push({ other, isApart: areApart(slot, other), contents: await ports.contents(other) });
  }
  const own = others.find(({ other }) => other === slot);
  return ({ blake3, fileId, relPath }, going) => {
    if (blake3 === null) return [];
    const file = findFile(slot.index, relPath);
    const isIt = (found: OtherCopy): boolean => file !== null && isSameFile({ slot, ...file }, found);
    const namesThatGo = (): number =>
      own?.contents.find(blake3).filter((name) => isIt({ slot, ...name }) && going.has(relPathOf(name))).length ?? 0;
    const copies: OtherCopy[] = [];
    for (const { other, isApart, contents } of others) {
      for (const found of contents.find(blake3)) {
        if (copies.length === mostCopies) return copies;
        if (!isFile(found) || (other === slot && going.has(relPathOf(found)))) continue;
        const copy = { slot: other, ...found };
        // The same file by another path (a link to its folder, a mount) goes with it, unless it is one more name of it.
        const isSpare = isIt(copy)
          ? found.folder.files.links(found.i) > namesThatGo()
          : other === slot || isApart || found.folder.files.fileId(found.i) !== fileId;
        if (isSpare) copies.push(copy);
      }
    }
    return copies;
  };
}

function isSameFile(one: OtherCopy, other: OtherCopy): boolean {
  return (
    one.folder.files.hasFileIdOf(one.i, other.folder.files, other.i) &&
    deviceOf(one, one.i) === deviceOf(other, other.i)
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
  const othersOf = await findOtherCopies(slot, ports);
  const told: StepDraft[] = [];
  let lastCopies = nothing;
  for (const step of steps) {
    const isSpare = step.bucket === 'delete' && othersOf(step, going).length > 0;
    if (step.bucket === 'delete' && !isSpare) lastCopies = addAmounts(lastCopies, { files: 1, bytes: step.size });
    told.push(isSpare ? { ...step, extra: hadOtherCopy } : step);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { steps: told, lastCopies };
}
