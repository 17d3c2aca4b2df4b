import { relPathOf } from '../../core/catalog/compare-rows.ts';
import type { CompareView } from '../../core/catalog/compare-view.ts';
import type { ContentIndex } from '../../core/catalog/content-index.ts';
import { type FolderPair, sideFile, stateCode } from '../../core/catalog/folder-pair.ts';
import { countBelow } from '../../core/catalog/index-edit.ts';
import type { FilePosition } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import { tellLastCopies } from '../../core/transfers/other-copies.ts';
import {
  type Amount,
  addAmounts,
  confirmOf,
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

export interface MirrorWish {
  readonly source: LocationSlot;
  readonly target: LocationSlot;
  readonly folder: string;
  readonly deleteExtras: boolean;
  readonly onConflict: 'skip' | 'stop';
}

export interface MirrorDraftPorts {
  readonly pacer: Pacer;
  readonly platform: 'posix' | 'win32';
  /** The pair as it is compared anyway, and which of its sides the source is. */
  readonly view: CompareView;
  readonly side: 'a' | 'b';
  readonly contents: ContentIndex;
  /** Where else the content of what is deleted may lie. */
  readonly others: Parameters<typeof tellLastCopies>[2];
}

/** What would make a folder of the target like that of the source. Reads the index only. */
export async function draftMirror(wish: MirrorWish, ports: MirrorDraftPorts): Promise<PlanDraft> {
  const { source, target, folder } = wish;
  const deletesAllowed = target.definition.allowDelete;
  const mayDelete = wish.deleteExtras && deletesAllowed && provesAbsence(source, folder);
  const context = {
    target,
    contents: ports.contents,
    platform: ports.platform,
    spell: createSpeller(ports.view, ports.side === 'a' ? 'b' : 'a'),
    unread: new Set(source.stored.problems.map(({ relPath }) => relPath)),
    side: ports.side,
    mayDelete,
  };
  const steps: StepDraft[] = [];
  let elsewhere: Amount = nothing;
  for (const { pair } of ports.view.below(folder)) {
    for (let row = 0; row < pair.states.length; row += 1) {
      const step = draftRow(pair, row, context);
      if (step === null) continue;
      if (step.from !== null) elsewhere = addAmounts(elsewhere, { files: 1, bytes: step.size });
      steps.push(step);
      const pause = ports.pacer.breathe();
      if (pause) await pause;
    }
    const pause = ports.pacer.breathe();
    if (pause) await pause;
  }
  const { steps: told, lastCopies } = await tellLastCopies(target, steps, ports.others);
  const deleted = steps.filter(({ bucket }) => bucket === 'delete').length;
  const { deleteExtras, onConflict } = wish;
  return {
    ...emptyDraft,
    kind: 'mirror',
    src: source.definition.id,
    dst: target.definition.id,
    what: folder,
    steps: inGroups(told),
    elsewhere,
    lastCopies,
    staged: target.definition.undoDeletes && deleted > 0,
    mirror: { folder, deleteExtras, deletesAllowed, onConflict },
    ...confirmOf(target, deleted, countBelow(target.index, folder)),
  };
}

/**
 * Whether a file that the source lacks may be called an extra of the target. A source that was never read to its end, is
 * not as it was, or has no files at all is more likely a drive that is not there than one whose files were deleted.
 */
function provesAbsence(source: LocationSlot, folder: string): boolean {
  return source.state.kind === 'online' && source.stored.scannedAtMs !== null && countBelow(source.index, folder) > 0;
}

interface RowContext {
  readonly target: LocationSlot;
  readonly contents: ContentIndex;
  readonly platform: 'posix' | 'win32';
  readonly spell: (folder: string) => string;
  /** Folders and files of the source that could not be read: nobody knows what is there. */
  readonly unread: ReadonlySet<string>;
  readonly side: 'a' | 'b';
  readonly mayDelete: boolean;
}

function draftRow(pair: FolderPair, row: number, context: RowContext): StepDraft | null {
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

function draftMissing(file: FilePosition, { target, contents, platform, spell }: RowContext): StepDraft {
  if (file.folder.files.kind(file.i) === 'link')
    return told('skipped', file, 'UNSUPPORTED', 'is a link; the file it leads to is mirrored');
  const problem = targetPathProblem(relPathOf(file), { platform, fileSystem: target.facts?.fileSystem ?? 'unknown' });
  if (problem !== null) return told('skipped', file, 'INVALID_PATH', `cannot be made there: ${problem}`);
  const other = findContent(contents, file);
  const copy = draftCopyOf(file, spell);
  return other === null ? copy : insideTarget(copy, other, target);
}

function draftExtra(file: FilePosition, { mayDelete, unread }: RowContext): StepDraft {
  if (file.folder.files.kind(file.i) === 'link') return told('extra', file, 'UNSUPPORTED', 'is a link and stays');
  if (!mayDelete) return draftStep('extra', file);
  if (isUnread(relPathOf(file), unread))
    return told('extra', file, 'ACCESS_DENIED', 'stays: the source could not be read there');
  return draftStep('delete', file);
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
