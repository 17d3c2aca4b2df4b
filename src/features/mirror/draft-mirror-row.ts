import { relPathOf } from '../../core/catalog/compare-rows.ts';
import type { ContentIndex } from '../../core/catalog/content-index.ts';
import { type FolderPair, sideFile, stateCode } from '../../core/catalog/folder-pair.ts';
import type { FilePosition } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import {
  draftCopyOf,
  draftStep,
  findContent,
  insideTarget,
  type StepDraft,
  whyNotCopied,
} from '../../core/transfers/plan-draft.ts';
import { targetPathProblem } from '../../core/transfers/target-names.ts';

export interface RowContext {
  readonly source: LocationSlot;
  readonly target: LocationSlot;
  readonly contents: ContentIndex;
  readonly platform: 'posix' | 'win32';
  readonly spell: (folder: string) => string;
  readonly spellAtSource: (folder: string) => string;
  /** Folders and files of the source that could not be read: nobody knows what is there. */
  readonly unread: ReadonlySet<string>;
  readonly side: 'a' | 'b';
  /** Deletes are asked for and allowed. */
  readonly mayDelete: boolean;
  readonly whyExtrasStay: string | null;
  /** What stands where the other side has this folder. */
  readonly inTheWay: FilePosition | null;
}

/** What becomes of one row of the comparison; null: it is the same on both sides. */
export function draftRow(pair: FolderPair, row: number, context: RowContext): StepDraft | null {
  const here = sideFile(pair, row, context.side);
  const there = sideFile(pair, row, context.side === 'a' ? 'b' : 'a');
  const state = pair.states[row];
  if (state === stateCode['same-verified'] || state === stateCode['same-probable']) return null;
  if (state === stateCode.conflict) return toldAs('conflict', here ?? there);
  if (state === stateCode['case-clash']) return toldAs('case-clash', here ?? there);
  if (state === stateCode.unverified) return toldAs('unverified', here ?? there);
  if (here) return draftMissing(here, context);
  return there && draftExtra(there, context);
}

function draftMissing(file: FilePosition, { target, contents, platform, spell, inTheWay }: RowContext): StepDraft {
  if (file.folder.files.kind(file.i) === 'link')
    return told('skipped', file, 'UNSUPPORTED', 'is a link; the file it leads to is mirrored');
  if (inTheWay !== null)
    return told('conflict', file, 'TARGET_EXISTS', `cannot be copied: “${relPathOf(inTheWay)}” is a file there`);
  const problem = targetPathProblem(relPathOf(file), { platform, fileSystem: target.facts?.fileSystem ?? 'unknown' });
  if (problem !== null) return told('skipped', file, 'INVALID_PATH', `cannot be made there: ${problem}`);
  const other = findContent(contents, file);
  const copy = draftCopyOf(file, spell);
  return other === null ? copy : insideTarget(copy, other, target);
}

function draftExtra(file: FilePosition, context: RowContext): StepDraft {
  const { source, mayDelete, whyExtrasStay, unread, inTheWay } = context;
  if (file.folder.files.kind(file.i) === 'link') return told('extra', file, 'UNSUPPORTED', 'is a link and stays');
  if (!mayDelete) return draftStep('extra', file);
  if (whyExtrasStay !== null) return told('extra', file, 'LOCATION_SHRUNKEN', whyExtrasStay);
  if (inTheWay !== null) {
    const theirs = `“${relPathOf(inTheWay)}” is a file on “${source.definition.name}”`;
    return told('extra', file, 'TARGET_EXISTS', `stays: ${theirs}, which is a conflict`);
  }
  if (isUnread(relPathOf(file), unread))
    return told('extra', file, 'ACCESS_DENIED', 'stays: the source could not be read there');
  // Where the source would have it.
  const { toRelPath } = draftCopyOf(file, context.spellAtSource);
  return { ...draftStep('delete', file), toRelPath };
}

function isUnread(relPath: string, unread: ReadonlySet<string>): boolean {
  if (unread.size === 0) return false;
  if (unread.has('') || unread.has(relPath)) return true;
  for (let at = relPath.lastIndexOf('/'); at > 0; at = relPath.lastIndexOf('/', at - 1)) {
    if (unread.has(relPath.slice(0, at))) return true;
  }
  return false;
}

function toldAs(state: 'conflict' | 'case-clash' | 'unverified', file: FilePosition | null): StepDraft | null {
  if (file === null) return null;
  const [bucket, code, says] = whyNotCopied[state];
  return told(bucket, file, code, says);
}

function told(bucket: StepDraft['bucket'], file: FilePosition, code: string, says: string): StepDraft {
  return draftStep(bucket, file, { code, message: `“${relPathOf(file)}” ${says}.` });
}
