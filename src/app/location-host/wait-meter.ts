import { readFileSync } from 'node:fs';

/** Long enough to tell a drive that makes its reader wait from one that is answered out of memory. */
const firstLookMs = 15;
const slowShare = 0.4;

/**
 * Tells whether a thread mostly waits for its drive. Where names come out of memory, more threads than processors only
 * get in each other's way; a drive that has to move or to answer over a network is read faster by several.
 */
export function createWaitMeter(): { isDriveSlow(): boolean } {
  const startedAt = performance.now();
  const busyBefore = busyMs();
  return {
    isDriveSlow() {
      const elapsedMs = performance.now() - startedAt;
      return elapsedMs > firstLookMs && elapsedMs - (busyMs() - busyBefore) > elapsedMs * slowShare;
    },
  };
}

/** Milliseconds this thread had a processor or stood in line for one; elsewhere than on Linux only the first is known. */
function busyMs(): number {
  try {
    // Documentation/scheduler/sched-stats.rst: nanoseconds on the processor, nanoseconds in line, number of turns.
    const [running, inLine] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return (Number(running) + Number(inLine)) / 1e6;
  } catch {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  }
}
