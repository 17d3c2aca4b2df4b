import { relPathOf } from '../../core/catalog/compare-rows.ts';
import type { CompareView } from '../../core/catalog/compare-view.ts';
import { findFileInTheWay } from '../../core/catalog/file-in-the-way.ts';
import type { FilePosition } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { StepBucket } from '../../core/ports/journal.ts';
import type { VerifyMode } from '../../core/ports/transfer-files.ts';
import {
  type Amount,
  addAmounts,
  createSpeller,
  draftCopyOf,
  draftStep,
  emptyDraft,
  findContent,
  inGroups,
  insideTarget,
  nothing,
  type PlanDraft,
  type StepDraft,
  whyNotCopied,
} from '../../core/transfers/plan-draft.ts';
import { targetPathProblem } from '../../core/transfers/target-names.ts';
import { requireApart } from '../../core/transfers/volume-pair.ts';
import { type Choice, type ChoosingPorts, choose, rowsOfSide } from './chosen-files.ts';

export interface CopyWish {
  readonly kind: 'copy' | 'move';
  readonly src: string;
  readonly dst: string;
  readonly choice: Choice;
  readonly sidecars: boolean;
  readonly insideTarget: boolean;
  readonly verify: VerifyMode;
}

export interface PlanningPorts extends ChoosingPorts {
  readonly platform: 'posix' | 'win32';
}

/** What copying or moving files to the same relPaths in another location comes down to. Reads the index only. */
export async function draftCopy(wish: CopyWish, ports: PlanningPorts): Promise<PlanDraft> {
  const { registry, pacer } = ports;
  const [from, to] = [registry.require(wish.src), registry.require(wish.dst)];
  if (from === to) throw new AppError('INVALID_INPUT', 'Choose two different locations.');
  await Promise.all([from, to].map((slot) => (slot.facts === null ? registry.look(slot) : null)));
  requireApart(from, to);
  const taking = !wish.sidecars ? 'none' : wish.kind === 'move' ? 'own' : 'all';
  const chosen = await choose(from, wish.choice, taking, ports);
  const sides = await sideRows(from, to, ports);
  const contents = await ports.contents(to);
  const steps: StepDraft[] = [...chosen.missing];
  let elsewhere: Amount = nothing;
  for (const file of chosen.files) {
    const found = draftOne(file, { ...sides, to, platform: ports.platform, kind: wish.kind });
    const other = found.bucket === 'copy' ? findContent(contents, file) : null;
    if (other !== null) elsewhere = addAmounts(elsewhere, { files: 1, bytes: found.size });
    if (found.bucket !== 'copy') steps.push(found);
    else if (other !== null && wish.insideTarget && wish.kind === 'copy') steps.push(insideTarget(found, other, to));
    else steps.push({ ...found, bucket: wish.kind });
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  const { what } = chosen;
  const { kind, src, dst, verify } = wish;
  const folders = kind === 'move' ? chosen.folders : [];
  return {
    ...emptyDraft,
    kind,
    src,
    dst,
    what,
    steps: inGroups(steps),
    verify,
    sidecars: chosen.sidecars,
    elsewhere,
    folders,
  };
}

/** Rows of a pair that is compared anyway: the first location of the list is its a side. */
export async function sideRows(from: LocationSlot, to: LocationSlot, ports: ChoosingPorts) {
  const all = ports.registry.list();
  const isFirst = all.indexOf(from) < all.indexOf(to);
  const view = await (isFirst ? ports.view(from, to) : ports.view(to, from));
  const [side, other] = isFirst ? (['a', 'b'] as const) : (['b', 'a'] as const);
  return { rows: rowsOfSide(view, side), spell: createSpeller(view, other), inTheWayOf: rememberLast(view) };
}

/** `findFileInTheWay`, for files that come folder by folder. */
function rememberLast(view: CompareView): (folder: string) => FilePosition | null {
  let last: { readonly folder: string; readonly found: FilePosition | null } | null = null;
  return (folder) => {
    if (last?.folder !== folder) last = { folder, found: findFileInTheWay(view, folder) };
    return last.found;
  };
}

interface CopyContext {
  readonly rows: ReturnType<typeof rowsOfSide>;
  readonly spell: (folder: string) => string;
  readonly inTheWayOf: (folder: string) => FilePosition | null;
  readonly to: LocationSlot;
  readonly platform: 'posix' | 'win32';
  readonly kind: CopyWish['kind'];
}

function draftOne(file: FilePosition, { rows, spell, inTheWayOf, to, platform, kind }: CopyContext): StepDraft {
  const relPath = relPathOf(file);
  const stays = kind === 'move' ? '; it was not moved, and its source stays' : '';
  const told = (bucket: StepBucket, code: string, says: string): StepDraft =>
    draftStep(bucket, file, { code, message: `“${relPath}” ${says}${stays}.` });
  if (file.folder.files.kind(file.i) === 'link')
    return told('skipped', 'UNSUPPORTED', 'is a link; copy the file it leads to');
  const state = rows.stateOf(file)?.state ?? 'only-a';
  if (state === 'only-a') {
    const inTheWay = inTheWayOf(file.folder.relPath);
    if (inTheWay !== null)
      return told('conflict', 'TARGET_EXISTS', `cannot be copied: “${relPathOf(inTheWay)}” is a file there`);
    const problem = targetPathProblem(relPath, { platform, fileSystem: to.facts?.fileSystem ?? 'unknown' });
    return problem === null
      ? draftCopyOf(file, spell)
      : told('skipped', 'INVALID_PATH', `cannot be made there: ${problem}`);
  }
  const [bucket, code, says] = state === 'only-b' ? whyNotCopied.conflict : whyNotCopied[state];
  return told(bucket, code, says);
}
