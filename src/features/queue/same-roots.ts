import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { QueuedTask } from './queued-task.ts';

/** Does the location still lie where it lay when the task was planned? Elsewhere equal names prove nothing. */
export function hasSameRoot({ details }: QueuedTask, { definition }: LocationSlot): boolean {
  const planned = details.roots?.[definition.id];
  return planned === undefined || planned === definition.path;
}

/** The location, where it is still the one that was planned with. @throws AppError LOCATION_NOT_FOUND, PLAN_STALE */
export function slotAsPlanned(task: QueuedTask, id: string, registry: LocationRegistry): LocationSlot {
  const slot = registry.require(id);
  if (hasSameRoot(task, slot)) return slot;
  const { name, path } = slot.definition;
  throw new AppError('PLAN_STALE', `“${name}” is at “${path}” now, which is not where this was planned for.`, {
    hint: 'Plan it again.',
  });
}

/** As `slotAsPlanned`; undefined where it is not. */
export function findAsPlanned(task: QueuedTask, id: string, registry: LocationRegistry): LocationSlot | undefined {
  const slot = registry.find(id);
  return slot && hasSameRoot(task, slot) ? slot : undefined;
}
