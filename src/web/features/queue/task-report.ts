import type { Step, Task } from '../../../contract/queue.ts';

/** A task with what became of each of its files, for scripts and for the record. */
export function reportJson(task: Task, steps: readonly Step[]): string {
  return `${JSON.stringify({ task, steps }, null, 2)}\n`;
}

const columns = ['bucket', 'state', 'relPath', 'toRelPath', 'from', 'size', 'code', 'message', 'way'] as const;

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180: a line of names, then a line a file. */
export function reportCsv(steps: readonly Step[]): string {
  const lines = steps.map((step) => columns.map((name) => cell(step[name])).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}
