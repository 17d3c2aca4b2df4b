import type { DedupePlan, DedupeRule } from '../../contract/dedupe.ts';
import {
  bySelectedGroup,
  chooseInGroup,
  type KeeperChoice,
  type KeepSelection,
} from '../../core/dedupe/choose-keepers.ts';
import { type DuplicateFile, type DuplicateGroup, freedBytes } from '../../core/dedupe/duplicate-group.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import { type Amount, addAmounts, nothing } from '../../core/transfers/plan-draft.ts';
import { type ActionLimits, type DedupeAction, whatIsPossible } from './possible-actions.ts';

export interface DedupeChoice {
  readonly rules: readonly DedupeRule[];
  readonly keepSelections: readonly KeepSelection[];
  readonly action: DedupeAction;
}

/** Names of folders are those of the index. */
interface CheckedChoice extends DedupeChoice {
  readonly unknownFolders: readonly string[];
}

export interface DedupePlanned {
  readonly plan: DedupePlan;
}

/** A plan is shown with so many folders. */
const mostFolders = 500;

/** Rules and selections applied to all groups. Expects selections that `checkSelections` let through. */
export async function planDedupe(
  { scanId, groups }: { readonly scanId: string; readonly groups: readonly DuplicateGroup[] },
  { rules, keepSelections, action, unknownFolders }: CheckedChoice,
  { limits, pacer }: { readonly limits: ActionLimits; readonly pacer: Pacer },
): Promise<{ readonly plan: DedupePlan; readonly choices: readonly KeeperChoice[] }> {
  const selected = bySelectedGroup(keepSelections);
  const possible = whatIsPossible(action, limits);
  const sums = new PlanSums();
  const choices: KeeperChoice[] = [];
  for (const [number, group] of groups.entries()) {
    const chosen = chooseInGroup(group, number, rules, selected.get(number));
    const choice = chosen && possible.restrict(group, chosen);
    if (choice) {
      choices.push(choice);
      sums.add(group, choice);
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  const plan: DedupePlan = {
    scanId,
    action,
    groups: choices.length,
    ...sums.describe(),
    untouched: groups.length - choices.length,
    problems: [
      ...possible.problems(),
      ...unknownFolders.map(
        (folder) => `The rule about “${folder}” decides nothing: no such folder was looked through.`,
      ),
    ],
    unknownFolders: [...unknownFolders],
  };
  return { plan, choices };
}

class PlanSums {
  private total: Amount = nothing;
  private reclaimedBytes = 0;
  private readonly byLocation = new Map<string, Amount>();
  private readonly byFolder = new Map<string, Map<string, Amount>>();

  add(group: DuplicateGroup, { victims }: KeeperChoice): void {
    const one = { files: 1, bytes: group.size };
    for (const { index } of victims) {
      const file = group.files[index];
      if (!file) continue;
      this.total = addAmounts(this.total, one);
      addTo(this.byLocation, file.location, one);
      const folders = this.byFolder.get(file.location) ?? new Map<string, Amount>();
      this.byFolder.set(file.location, folders);
      addTo(folders, folderOf(file), one);
    }
    const going = victims.map(({ index }) => index);
    this.reclaimedBytes += freedBytes(group, going);
  }

  describe(): Pick<DedupePlan, 'total' | 'reclaimedBytes' | 'byLocation' | 'byFolder'> {
    const byFolder = [...this.byFolder].flatMap(([location, folders]) =>
      Array.from(folders, ([folder, amount]) => ({ location, folder, ...amount })),
    );
    return {
      total: this.total,
      reclaimedBytes: this.reclaimedBytes,
      byLocation: Array.from(this.byLocation, ([location, amount]) => ({ location, ...amount })),
      byFolder: byFolder.sort((x, y) => y.bytes - x.bytes || y.files - x.files).slice(0, mostFolders),
    };
  }
}

function addTo(sums: Map<string, Amount>, key: string, amount: Amount): void {
  sums.set(key, addAmounts(sums.get(key) ?? nothing, amount));
}

function folderOf({ relPath }: DuplicateFile): string {
  return relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));
}
