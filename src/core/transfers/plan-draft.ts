import type { TaskKind } from '../../contract/queue-words.ts';
import type { CompareState } from '../../contract/sync-words.ts';
import type { CompareView } from '../catalog/compare-view.ts';
import { blake3Of, type ContentIndex } from '../catalog/content-index.ts';
import { type FilePosition, joinPath } from '../catalog/location-index.ts';
import type { LocationSlot } from '../catalog/location-slot.ts';
import type { JournalStep, StepBucket } from '../ports/journal.ts';
import type { DedupeAction, VerifyMode } from '../ports/transfer-files.ts';

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export const nothing: Amount = { files: 0, bytes: 0 };

export function addAmounts(a: Amount, b: Amount): Amount {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** What a mirror was asked for. */
export interface MirrorDetails {
  readonly folder: string;
  readonly deleteExtras: boolean;
  readonly deletesAllowed: boolean;
  readonly onConflict: 'skip' | 'stop';
}

/** A step without its number and its fate. */
export type StepDraft = Pick<
  JournalStep,
  'bucket' | 'relPath' | 'from' | 'toRelPath' | 'size' | 'mtimeNs' | 'fileId' | 'blake3' | 'code' | 'message' | 'extra'
>;

/** What a plan says before it is stored. */
export interface PlanDraft {
  readonly kind: TaskKind;
  readonly src: string;
  readonly dst: string | null;
  readonly what: string;
  readonly steps: readonly StepDraft[];
  readonly verify: VerifyMode;
  readonly sidecars: number;
  readonly elsewhere: Amount;
  readonly lastCopies: Amount;
  readonly staged: boolean;
  readonly confirm: string | null;
  readonly confirmReason: string | null;
  readonly mirror: MirrorDetails | null;
  readonly folders: readonly string[];
  readonly dedupe: DedupeDetails | null;
}

/** What a removal of duplicates was asked for. */
export interface DedupeDetails {
  readonly scanId: string;
  readonly action: DedupeAction;
  /** Both files of every step were hashed after this; see `DedupeOrder`. */
  readonly hashedAfterMs: number;
  /** All that lose or keep a file. */
  readonly locations: readonly string[];
}

export const emptyDraft = {
  what: '',
  verify: 'source',
  sidecars: 0,
  elsewhere: nothing,
  lastCopies: nothing,
  staged: false,
  confirm: null,
  confirmReason: null,
  mirror: null,
  folders: [],
  dedupe: null,
} as const satisfies Partial<PlanDraft>;

export interface StepReason {
  readonly code: string;
  readonly message: string;
}

/** @param reason Why it is only told. */
export function draftStep(
  bucket: StepBucket,
  { folder, i }: FilePosition,
  reason: StepReason | null = null,
): StepDraft {
  const { files } = folder;
  return {
    bucket,
    relPath: joinPath(folder.relPath, files.name(i)),
    from: null,
    toRelPath: null,
    size: files.size(i),
    mtimeNs: files.mtimeNs(i),
    fileId: files.fileId(i),
    blake3: blake3Of({ folder, i }),
    code: reason?.code ?? null,
    message: reason?.message ?? null,
    extra: null,
  };
}

/** A name that the index does not know. */
export function draftMissing(relPath: string, { code, message }: StepReason): StepDraft {
  const nowhere = { from: null, toRelPath: null, size: 0, mtimeNs: 0n, fileId: 0n, blake3: null, extra: null };
  return { bucket: 'skipped', relPath, ...nowhere, code, message };
}

export function sumBuckets(steps: readonly StepDraft[]): Partial<Record<StepBucket, Amount>> {
  const sums: Partial<Record<StepBucket, Amount>> = {};
  for (const { bucket, size } of steps) sums[bucket] = addAmounts(sums[bucket] ?? nothing, { files: 1, bytes: size });
  return sums;
}

/** The bytes come from the target itself, under another path: nothing goes over the network. */
export function insideTarget(copy: StepDraft, there: FilePosition, target: LocationSlot): StepDraft {
  return { ...draftStep('copy', there), toRelPath: copy.toRelPath ?? copy.relPath, from: target.definition.id };
}

/**
 * How the target spells a folder that it may have in other letters, on a drive that does not tell them apart; as it is
 * where the target lacks it.
 *
 * @param side The target's side in the view.
 */
export function createSpeller(view: CompareView, side: 'a' | 'b'): (folder: string) => string {
  const rules = view.nameRules();
  if (rules.caseSensitive && rules.unicodeSensitive) return (folder) => folder;
  const known = new Map<string, string>([['', '']]);
  const spell = (folder: string): string => {
    const there = known.get(folder) ?? view.node(folder)?.pair[side][0]?.relPath;
    const slash = folder.lastIndexOf('/');
    const spelled = there ?? joinPath(spell(folder.slice(0, Math.max(0, slash))), folder.slice(slash + 1));
    known.set(folder, spelled);
    return spelled;
  };
  return spell;
}

/** A file that the target lacks, under the path it gets there. */
export function draftCopyOf(file: FilePosition, spell: (folder: string) => string): StepDraft {
  const step = draftStep('copy', file);
  const folder = spell(file.folder.relPath);
  if (folder === file.folder.relPath) return step;
  return { ...step, toRelPath: joinPath(folder, file.folder.files.name(file.i)) };
}

/** Fewer files than this are never a brake: in a small location every delete would be one. */
const fewFiles = 20;

/** What a person has to type before so many files of a location are deleted. */
export function confirmOf(
  { definition, index }: LocationSlot,
  deleted: number,
  ofFiles = index.totals().files,
): Pick<PlanDraft, 'confirm' | 'confirmReason'> {
  if (deleted > fewFiles && deleted * 2 > ofFiles) {
    const share = `${deleted.toLocaleString('en')} of the ${ofFiles.toLocaleString('en')} files`;
    return { confirm: `DELETE ${deleted}`, confirmReason: `This deletes ${share} of “${definition.name}”.` };
  }
  if (!definition.typeToDelete || deleted === 0) return { confirm: null, confirmReason: null };
  return { confirm: 'DELETE', confirmReason: `“${definition.name}” asks for a typed confirmation.` };
}

/** Steps of one kind and source stand together, so that they are carried out together. */
export function inGroups(steps: readonly StepDraft[]): readonly StepDraft[] {
  const group = ({ bucket, from }: StepDraft): number => (bucket === 'delete' ? 2 : from === null ? 0 : 1);
  return [0, 1, 2].flatMap((wanted) => steps.filter((step) => group(step) === wanted));
}

/** Why a file stays where it is although it was chosen, by how it stands to the target. */
export const whyNotCopied: Readonly<
  Record<Exclude<CompareState, 'only-a' | 'only-b'>, readonly [StepBucket, string, string]>
> = {
  'same-verified': ['skipped', 'TARGET_EXISTS', 'is there already, with the same content'],
  'same-probable': ['skipped', 'TARGET_EXISTS', 'is there already, with the same size and time'],
  unverified: ['unverified', 'TARGET_EXISTS', 'is there already; only hashing can tell whether it is the same'],
  conflict: ['conflict', 'TARGET_EXISTS', 'is there already with other content; nothing is overwritten'],
  'case-clash': ['conflict', 'TARGET_EXISTS', 'cannot be told apart there from a name in other letters'],
};

/** A file of the same verified content; null where none is known. All empty files have one content, which says nothing. */
export function findContent(contents: ContentIndex, file: FilePosition): FilePosition | null {
  const blake3 = blake3Of(file);
  if (blake3 === null || file.folder.files.size(file.i) === 0) return null;
  return contents.find(blake3).find((other) => other.folder.files.kind(other.i) === 'file') ?? null;
}
