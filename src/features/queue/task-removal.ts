import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { AppError } from '../../core/errors/app-error.ts';
import { tidyEnded } from './clean-up.ts';
import type { InterruptedPorts } from './interrupted-steps.ts';
import type { QueuedTask } from './queued-task.ts';

/** Those that have left nothing behind: what lies on a drive that is away only the journal knows of. */
export async function tidiedOf(tasks: readonly QueuedTask[], ports: InterruptedPorts): Promise<readonly QueuedTask[]> {
  const tidy: QueuedTask[] = [];
  for (const task of tasks) {
    const isTidy = async (): Promise<boolean> => !hasBrokenOff(task, ports.registry) || tidyEnded(task, ports);
    // Whatever somebody else does with it comes first.
    if (await task.inTurn(isTidy)) tidy.push(task);
  }
  return tidy;
}

/** Of a location that was given up nothing can be tidied. */
function hasBrokenOff({ state, locations }: QueuedTask, registry: LocationRegistry): boolean {
  return (state === 'failed' || state === 'cancelled') && locations.some((id) => registry.find(id));
}

export function canBeCleared({ hasEnded, details }: QueuedTask): boolean {
  return hasEnded && details.undo === null;
}

export function leftBehind(): AppError {
  return new AppError('TASK_STATE', 'A file of this task has to get its name back, which is not possible now.', {
    hint: 'Connect its drive, then try again.',
  });
}

export function requireRemovable(task: QueuedTask): void {
  if (task.state === 'running') throw new AppError('TASK_STATE', 'A task that runs is cancelled first.');
  if (task.isActive && task.startedMs !== null) {
    throw new AppError('TASK_STATE', 'This task has begun, so it is cancelled first.', {
      hint: 'That removes what it has not finished.',
    });
  }
  if (task.details.undo !== null) {
    throw new AppError('TASK_STATE', 'This delete can still be undone, so it stays in the list.', {
      hint: 'Its files are removed for good when the time for that is over.',
    });
  }
}
