import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import { requireApart } from '../../core/transfers/volume-pair.ts';
import type { QueuedTask } from './queued-task.ts';
import { slotAsPlanned } from './same-roots.ts';

/** Never two tasks on a drive that has to move its head, or on one link to a server, whatever locations it holds. */
export function isDriveTaken(task: QueuedTask, running: Iterable<QueuedTask>, registry: LocationRegistry): boolean {
  const slow = slotsOf(task, registry).filter(isSlow);
  if (slow.length === 0) return false;
  const taken = new Set(Array.from(running).flatMap((other) => slotsOf(other, registry).flatMap(namesOf)));
  return slow.some((slot) => namesOf(slot).some((name) => taken.has(name)));
}

/** Solid-state drives write several files as fast as one, and a processor copies no more than a fast one takes. */
const mostSideBySide = 4;

/** How many files of a task may be copied at the same time. */
export function copiesSideBySide(...slots: readonly LocationSlot[]): number {
  return slots.some(isSlow) ? 1 : mostSideBySide;
}

function isSlow({ definition, driveKind }: LocationSlot): boolean {
  const drive = definition.drive === 'auto' ? driveKind : definition.drive;
  return drive === 'hdd' || drive === 'network' || drive === 'removable';
}

function slotsOf({ locations }: QueuedTask, registry: LocationRegistry): readonly LocationSlot[] {
  return locations.flatMap((id) => registry.find(id) ?? []);
}

function namesOf({ definition, facts }: LocationSlot): readonly string[] {
  return [definition.id, ...(facts === null ? [] : [`device ${facts.device}`])];
}

/**
 * Looks at both drives before anything is written: one that is away is not even tried, and a folder where its drive is
 * not mounted, or another one is, must not be taken for it.
 *
 * @throws AppError LOCATION_OFFLINE, LOCATION_NOT_FOUND, PLAN_STALE, LOCATION_NESTED
 */
export async function lookAtDrives(task: QueuedTask, registry: LocationRegistry): Promise<void> {
  const slots = task.locations.map((id) => slotAsPlanned(task, id, registry));
  await Promise.all(slots.map((slot) => slot.loaded.then(() => registry.look(slot))));
  for (const slot of slots) {
    const problem = driveProblem(slot);
    if (problem !== null) throw new AppError('LOCATION_OFFLINE', problem, { location: slot.definition.id });
  }
  if (task.dst !== null) requireApart(slotAsPlanned(task, task.src, registry), slotAsPlanned(task, task.dst, registry));
}

/** In an empty folder where a drive was mounted nothing is found, which says nothing of what lies on the drive. */
export async function isDriveThere(slot: LocationSlot, registry: LocationRegistry): Promise<boolean> {
  await registry.look(slot);
  return driveProblem(slot) === null;
}

function driveProblem({ state, stored, facts, definition }: LocationSlot): string | null {
  if (state.kind === 'offline' || (state.kind === 'attention' && state.reason === 'empty')) return state.message;
  if (facts === null) return `“${definition.path}” was not looked at yet.`;
  if (stored.wasMountPoint && !facts.isMountPoint) return `The drive of “${definition.path}” is not mounted.`;
  const isOther = stored.volume !== '' && facts.identity !== '' && stored.volume !== facts.identity;
  return isOther ? `“${definition.path}” is not the folder that was read: refresh the location first.` : null;
}
