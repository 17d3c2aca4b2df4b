import { readFileSync, writeFileSync } from 'node:fs';

const ticksPerSecond = 100;
const everyMs = 20;

/**
 * Watches a process and all it starts, through /proc. CPU time is the sum over all processes, exact to 20 ms. Memory
 * comes two ways: `peakMiB` adds up the highest resident size of each process, which counts pages that two of them
 * share twice and is never too low; with `proportional`, `pssMiB` is the highest sum of proportional sizes seen at one
 * moment, which counts shared pages once.
 */
export function watchTree(rootPid, { proportional = false } = {}) {
  const seen = new Map();
  let pssMiB = 0;

  function sample() {
    const pids = treeOf(rootPid);
    for (const pid of pids) {
      const usage = usageOf(pid);
      if (usage) seen.set(pid, usage);
    }
    if (proportional) pssMiB = Math.max(pssMiB, pssOf(pids));
  }

  sample();
  const before = sum(seen, 'cpuMs');
  const timer = setInterval(sample, everyMs);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return { cpuMs: sum(seen, 'cpuMs') - before, peakMiB: sum(seen, 'peakMiB'), pssMiB };
    },
  };
}

/** Lets the highest resident sizes start anew, for a tree that has already done other work. */
export function forgetPeaks(rootPid) {
  for (const pid of treeOf(rootPid)) attempt(() => writeFileSync(`/proc/${pid}/clear_refs`, '5'));
}

/** Proportional size of a tree at this moment. */
export function memoryOfTree(rootPid) {
  return pssOf(treeOf(rootPid));
}

/** Bytes that the processes of a tree have read by any means, sockets and page cache included; by pid. */
export function bytesReadByTree(rootPid) {
  return new Map(treeOf(rootPid).map((pid) => [pid, numberIn(readText(`/proc/${pid}/io`), /^rchar: (\d+)/m)]));
}

/** The program starts processes from its first thread only, so its list of children is complete. */
function treeOf(pid) {
  const children = readText(`/proc/${pid}/task/${pid}/children`).split(' ').filter((word) => word !== '');
  return [pid, ...children.flatMap((child) => treeOf(Number(child)))];
}

function usageOf(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === '') return null;
  // Fields after the name, which may hold spaces: user and system time are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  return { cpuMs, peakMiB: numberIn(readText(`/proc/${pid}/status`), /^VmHWM:\s+(\d+)/m) / 1024 };
}

function pssOf(pids) {
  return pids.reduce((sum, pid) => sum + numberIn(readText(`/proc/${pid}/smaps_rollup`), /^Pss:\s+(\d+)/m) / 1024, 0);
}

function sum(seen, field) {
  let total = 0;
  for (const usage of seen.values()) total += usage[field];
  return total;
}

const numberIn = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);
const readText = (path) => attempt(() => readFileSync(path, 'utf8')) ?? '';

/** A process may end between two looks at it. */
function attempt(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
