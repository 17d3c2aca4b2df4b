import { setPriority } from 'node:os';

/**
 * A scan has more work than processors: what answers people comes first. Measured on two: the event loop waited up to
 * 70 ms for one of them, then 30, and the scan takes no longer. Mild enough that a busy machine does not starve a reader
 * until it counts as hung. On Windows such a small step is none.
 */
const nice = 5;

export function toBackground(pid: number | undefined): void {
  if (pid !== undefined) setNice(pid);
}

/** Call it in the thread that it is meant for. */
export function threadToBackground(): void {
  // Linux alone has a priority for each thread; elsewhere this would be the whole program.
  if (process.platform === 'linux') setNice(0);
}

function setNice(pid: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // Already gone, or not allowed: everything works as well without.
  }
}
