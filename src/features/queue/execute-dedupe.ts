import type { Task } from '../../contract/queue.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { findFile } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { KeeperChoice } from '../../core/dedupe/choose-keepers.ts';
import type { DuplicateFile, DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { DedupeAction } from '../../core/ports/transfer-files.ts';
import { placeKey } from './dedupe-step.ts';
import { draftDedupe } from './draft-dedupe.ts';
import type { Plans } from './plans.ts';

export interface ExecuteDedupePorts {
  readonly plans: Plans;
  readonly registry: LocationRegistry;
  readonly catalog: Pick<CatalogStore, 'recallHashes'>;
  readonly clock: Clock;
}

/** What a person confirmed, and the groups that it is about. */
export interface ConfirmedDedupe {
  readonly plan: { readonly scanId: string; readonly action: DedupeAction };
  readonly groups: readonly DuplicateGroup[];
  readonly choices: readonly KeeperChoice[];
  readonly paranoid: boolean;
}

/** Drives whose files have one time, which any program can put back; what FUSE shows there may be one of them. */
const withoutChangeTime: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat', 'fuseblk']);
/** A clock is put right by less than this all the time. */
const steadyMs = 1_000;

/** Puts confirmed removals of duplicates into the queue. Files that were hashed since the program began count as known. */
export function createExecuteDedupe({ plans, registry, catalog, clock }: ExecuteDedupePorts) {
  const sessionMs = clock.nowMs();
  const sessionStart = clock.monotonicMs();

  /** Then what changed since may look as if it had changed before. */
  function wasClockSetBack(): boolean {
    return clock.nowMs() - sessionMs < clock.monotonicMs() - sessionStart - steadyMs;
  }

  /** A server's clock is not ours: what changed there since is not told by its times. */
  function tellsTime({ definition, driveKind, facts }: LocationSlot): boolean {
    const drive = definition.drive === 'auto' ? driveKind : definition.drive;
    return (drive === 'ssd' || drive === 'hdd') && !withoutChangeTime.has(facts?.fileSystem ?? '');
  }

  async function hashedNow(files: readonly DuplicateFile[], blake3: string): Promise<readonly boolean[]> {
    const known = files.map(({ location, relPath }) => {
      const slot = registry.find(location);
      const file = slot && tellsTime(slot) ? findFile(slot.index, relPath) : null;
      return slot && file ? hashKeyOf(slot, file.folder, file.i) : null;
    });
    const records = await catalog.recallHashes(known.filter((key) => key !== null));
    let next = 0;
    return known.map((key) => {
      const record = key === null ? null : (records[next++] ?? null);
      // One of the future was made before this run, by a clock that was ahead.
      const isOfNow = record !== null && record.hashedAtMs >= sessionMs && record.hashedAtMs <= clock.nowMs();
      return isOfNow && hexOf(record.blake3) === blake3;
    });
  }

  async function hashedThisSession({ groups, choices }: ConfirmedDedupe): Promise<ReadonlySet<string>> {
    const hashed = new Set<string>();
    for (const choice of choices) {
      const group = groups[choice.group];
      if (!group) continue;
      const isHashed = await hashedNow(group.files, group.blake3);
      for (const [k, { location, relPath }] of group.files.entries()) {
        if (isHashed[k]) hashed.add(placeKey(location, relPath));
      }
    }
    return hashed;
  }

  /** @throws AppError INVALID_INPUT */
  return async (confirmed: ConfirmedDedupe): Promise<Task> => {
    const { plan, groups, choices, paranoid } = confirmed;
    const hashed = paranoid || wasClockSetBack() ? new Set<string>() : await hashedThisSession(confirmed);
    const isHashed = ({ location, relPath }: DuplicateFile): boolean => hashed.has(placeKey(location, relPath));
    const draft = draftDedupe({
      scanId: plan.scanId,
      action: plan.action,
      groups,
      choices,
      checkOf: (victim, keeper) => (paranoid ? 'bytes' : isHashed(victim) && isHashed(keeper) ? 'facts' : 'hash'),
      hashedAfterMs: sessionMs,
    });
    const task = await plans.add(draft);
    await plans.execute(task, undefined);
    return task.describe();
  };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
