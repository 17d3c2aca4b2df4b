import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * How much of the machine went to work that has nothing to do with this run: a share of its processors' time, since the
 * call. High shares make times worthless and ratios doubtful.
 */
export function watchOtherWork() {
  const before = readTimes();
  return () => {
    const now = readTimes();
    const available = ((now.atMs - before.atMs) / 1000) * availableParallelism();
    return Math.max(0, now.busy - before.busy - (now.own - before.own)) / available;
  };
}

/** Processor seconds: all that the machine was busy, and what this process and those it has waited for used. */
function readTimes() {
  const [user, nice, system, , , irq, softIrq] = numbers('/proc/stat', /^cpu +(.*)$/m);
  const own = numbers('/proc/self/stat', /^.*\) \S (.*)$/m).slice(10, 14);
  const seconds = (ticks) => ticks.reduce((sum, count) => sum + count, 0) / 100;
  return { atMs: performance.now(), busy: seconds([user, nice, system, irq, softIrq]), own: seconds(own) };
}

const numbers = (path, pattern) => pattern.exec(readFileSync(path, 'utf8'))[1].split(' ').map(Number);
