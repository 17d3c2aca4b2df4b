/**
 * Loaded before the program (`node --import`): measures how long its event loop is held up. SIGUSR2 begins anew and
 * prints the longest block since the last time, in milliseconds, as a line on stderr.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 1;
const delays = monitorEventLoopDelay({ resolution: resolutionMs });
delays.enable();
process.on('SIGUSR2', () => {
  process.stderr.write(`longest block: ${Math.max(0, delays.max / 1e6 - resolutionMs).toFixed(1)}\n`);
  delays.reset();
});
