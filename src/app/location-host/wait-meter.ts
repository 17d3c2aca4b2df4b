/** Long enough to tell a drive that makes its reader wait from one that is answered out of memory. */
const firstLookMs = 15;
const busyShare = 0.6;

/**
 * Tells whether a thread mostly waits for its drive. Where names come out of memory, more threads than processors only
 * get in each other's way; a drive that has to move or to answer over a network is read faster by several.
 */
export function createWaitMeter(): { isDriveSlow(): boolean } {
  const startedAt = performance.now();
  const usedBefore = usedMs();
  return {
    isDriveSlow() {
      const elapsedMs = performance.now() - startedAt;
      return elapsedMs > firstLookMs && usedMs() - usedBefore < elapsedMs * busyShare;
    },
  };
}

/** Processor time of this thread. */
function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
