import type { ChildProcess } from 'node:child_process';
import { AppError } from '../../core/errors/app-error.ts';

/** Abandoned processes whose last call on a drive has not returned yet. */
export class StuckProcesses {
  private readonly processes = new Set<ChildProcess>();
  private inARow = 0;
  private startedAt = Number.NEGATIVE_INFINITY;

  /** New ones may be started ever more rarely, so that a share that is dead for a week does not fill the memory. */
  allowAnother(): boolean {
    const now = performance.now();
    if (this.processes.size > 0 && this.inARow > 0 && now - this.startedAt < 10_000 * 2 ** this.inARow) return false;
    this.startedAt = now;
    return true;
  }

  add(process: ChildProcess): void {
    this.inARow += 1;
    this.processes.add(process);
    process.once('exit', () => this.processes.delete(process));
  }

  noteAnswer(): void {
    this.inARow = 0;
  }
}

export function tookTooLong(root: string, what: string, location?: string): AppError {
  return new AppError('LOCATION_OFFLINE', `“${root}” took too long to ${what}.`, {
    hint: 'Check that the drive or share is connected and awake; it is looked at again by itself.',
    location,
  });
}
