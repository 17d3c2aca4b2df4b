import type { TransferReport } from '../../core/ports/transfer-files.ts';

const progressEveryMs = 100;
/** Orders that end together are reported together, and soon. */
const endedWithinMs = 10;

export interface GatheredReports {
  add(report: TransferReport): void;
  flush(): void;
}

/** Gathers what a run reports: progress ten times a second, the end of an order at once. */
export function gatherReports(send: (reports: readonly TransferReport[]) => void): GatheredReports {
  let gathered: TransferReport[] = [];
  /** Where the progress of an order stands in `gathered`. */
  const progressAt = new Map<number, number>();
  let sentAt = Number.NEGATIVE_INFINITY;
  let dueAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    sentAt = performance.now();
    const reports = gathered;
    gathered = [];
    progressAt.clear();
    if (reports.length > 0) send(reports);
  }

  function sendBy(due: number): void {
    if (due >= dueAt) return;
    clearTimeout(timer);
    dueAt = due;
    timer = setTimeout(flush, Math.max(0, due - performance.now()));
  }

  return {
    add(report) {
      const at = progressAt.get(report.n);
      const before = at === undefined ? undefined : gathered[at];
      if (report.type === 'moved-on' && at !== undefined && before?.type === 'moved-on') {
        gathered[at] = { ...report, bytes: before.bytes + report.bytes };
        return;
      }
      if (report.type === 'moved-on') progressAt.set(report.n, gathered.length);
      gathered.push(report);
      const now = performance.now();
      sendBy(report.type === 'moved-on' ? Math.max(now, sentAt + progressEveryMs) : now + endedWithinMs);
    },
    flush,
  };
}
