import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { JournalStep } from '../../core/ports/journal.ts';
import { sharesBlocks } from '../../core/transfers/volume-pair.ts';
import type { QueuedTask } from './queued-task.ts';
import type { Reason } from './task-details.ts';

/** Left free on every drive: a full one hurts other programs, and some file systems for good. */
const largestReserve = 1024 ** 3;
const reserveShare = 0.01;
const lookAgainMs = 2_000;

export function reserveOf(slot: LocationSlot): number {
  const total = slot.facts?.totalBytes ?? null;
  return total === null ? 0 : Math.min(largestReserve, Math.floor(total * reserveShare));
}

export interface SpaceGuard {
  /**
   * Why a batch must not begin now; null where it fits or nobody knows.
   *
   * @param bytesUnderWay Of what was begun before, of which a part may be written. Default 0.
   */
  problem(task: QueuedTask, batch: readonly JournalStep[], bytesUnderWay?: number): Promise<Reason | null>;
}

export function createSpaceGuard({
  registry,
  clock,
}: {
  readonly registry: LocationRegistry;
  readonly clock: Clock;
}): SpaceGuard {
  const lookedAt = new Map<string, number>();
  return {
    async problem(task, batch, bytesUnderWay = 0) {
      // What an earlier run began has a part of its space already.
      const bytes = batch.reduce((sum, { size, state }) => sum + (state === 'running' ? 0 : size), 0);
      if (task.dst === null || batch[0]?.bucket === 'delete' || bytes === 0) return null;
      const needed = bytes + bytesUnderWay;
      const slot = registry.require(task.dst);
      const now = clock.monotonicMs();
      if (slot.facts === null || now - (lookedAt.get(task.dst) ?? Number.NEGATIVE_INFINITY) > lookAgainMs) {
        await registry.look(slot);
        lookedAt.set(task.dst, now);
      }
      const free = slot.facts?.freeBytes ?? null;
      if (free === null || free >= needed + reserveOf(slot)) return null;
      if (sharesBlocks(registry.require(batch[0]?.from ?? task.src), slot)) return null;
      const { name } = slot.definition;
      const message = `“${name}” has ${inGiB(free)} left, and the next files need ${inGiB(needed)}. Free some space, then resume.`;
      return { code: 'NO_SPACE', message };
    },
  };
}

/** For sentences; exact figures are in the documents. */
export function inGiB(bytes: number): string {
  if (bytes < 1024 ** 2) return `${Math.ceil(bytes / 1024)} KiB`;
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}
