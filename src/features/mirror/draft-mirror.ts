import type { CompareView } from '../../core/catalog/compare-view.ts';
import type { ContentIndex } from '../../core/catalog/content-index.ts';
import { findFileInTheWay } from '../../core/catalog/file-in-the-way.ts';
import { countBelow } from '../../core/catalog/index-edit.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import { tellLastCopies } from '../../core/transfers/other-copies.ts';
import {
  type Amount,
  addAmounts,
  confirmOf,
  createSpeller,
  emptyDraft,
  inGroups,
  nothing,
  type PlanDraft,
  type StepDraft,
} from '../../core/transfers/plan-draft.ts';
import { draftRow } from './draft-mirror-row.ts';

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
  const mayDelete = wish.deleteExtras && deletesAllowed;
  const context = {
    source,
    target,
    contents: ports.contents,
    platform: ports.platform,
    spell: createSpeller(ports.view, ports.side === 'a' ? 'b' : 'a'),
    spellAtSource: createSpeller(ports.view, ports.side),
    unread: new Set(source.stored.problems.map(({ relPath }) => relPath)),
    side: ports.side,
    mayDelete,
    whyExtrasStay: mayDelete ? whyAbsenceProvesNothing(source, folder) : null,
  };
  const steps: StepDraft[] = [];
  let elsewhere: Amount = nothing;
  for (const { pair } of ports.view.below(folder)) {
    const inTheWay = findFileInTheWay(ports.view, pair.key);
    for (let row = 0; row < pair.states.length; row += 1) {
      const step = draftRow(pair, row, { ...context, inTheWay });
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
 * Why a file that the source lacks is no extra of the target for that; null: it is one. A source that was never read to
 * its end, is not as it was, or has no files at all is more likely a drive that is not there than one whose files were
 * deleted.
 */
function whyAbsenceProvesNothing(source: LocationSlot, folder: string): string | null {
  const { name } = source.definition;
  if (source.state.kind !== 'online' || source.stored.scannedAtMs === null)
    return `stays: “${name}” is not as it was, or was never read to its end`;
  const where = folder === '' ? '' : ` in “${folder}”`;
  return countBelow(source.index, folder) > 0 ? null : `stays: “${name}” has no files${where} to compare it with`;
}
