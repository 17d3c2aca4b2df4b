import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;
const everyMs = 20;

/**
 * Watches a process and all it starts, through /proc, every 20 ms. CPU time is the sum over all processes. Memory of a
 * single process is its highest resident size as the kernel keeps it; of several it is the highest sum seen at one
 * moment, in which pages of files, which they share, count once: those of the process that has most of them.
 */
export function watchTree(rootPid) {
  const seen = new Map();
  let mostAtOnce = 0;

  function sample() {
    const usages = treeOf(rootPid).flatMap((pid) => usageOf(pid) ?? []);
    for (const usage of usages) seen.set(usage.pid, usage);
    mostAtOnce = Math.max(mostAtOnce, residentMiB(usages));
  }

  sample();
  const before = cpuMs(seen);
  const timer = setInterval(sample, everyMs);
  return {
    stop() {
      clearInterval(timer);
      sample();
      const [single] = seen.values();
      const peakMiB = seen.size === 1 && single.pid === rootPid ? Math.max(single.highestMiB, mostAtOnce) : mostAtOnce;
      return { cpuMs: cpuMs(seen) - before, peakMiB };
    },
  };
}

/** Resident memory of a tree at this moment, counted as above. */
export function memoryOfTree(rootPid) {
  return residentMiB(treeOf(rootPid).flatMap((pid) => usageOf(pid) ?? []));
}

/** What each process of a tree has read by any means, page cache and messages included; by pid. */
export function readsOfTree(rootPid) {
  return new Map(
    treeOf(rootPid).map((pid) => {
      const text = readText(`/proc/${pid}/io`);
      return [pid, { bytes: numberIn(text, 'rchar'), calls: numberIn(text, 'syscr') }];
    }),
  );
}

/** The program starts processes from its first thread only, so its list of children is complete. */
function treeOf(pid) {
  const children = readText(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((word) => word !== '');
  return [pid, ...children.flatMap((child) => treeOf(Number(child)))];
}

function usageOf(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  const status = readText(`/proc/${pid}/status`);
  // A process that has just ended has no memory any more.
  if (stat === '' || !status.includes('RssAnon')) return null;
  // Fields after the name, which may hold spaces: user and system time are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const sizeOf = (name) => numberIn(status, name) / 1024;
  return {
    pid,
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
    highestMiB: sizeOf('VmHWM'),
    ownMiB: sizeOf('RssAnon') + sizeOf('RssShmem'),
    filesMiB: sizeOf('RssFile'),
  };
}

function residentMiB(usages) {
  const own = usages.reduce((sum, { ownMiB }) => sum + ownMiB, 0);
  return own + Math.max(0, ...usages.map(({ filesMiB }) => filesMiB));
}

function cpuMs(seen) {
  let sum = 0;
  for (const usage of seen.values()) sum += usage.cpuMs;
  return sum;
}

function numberIn(text, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

/** Empty when the process has ended. */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
