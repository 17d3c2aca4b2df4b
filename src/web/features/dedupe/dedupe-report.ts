import type { Step, Task } from '../../../contract/queue.ts';

/** The whole run, for scripts and for the record. */
export function reportJson(task: Task, steps: readonly Step[]): string {
  return `${JSON.stringify({ task, steps }, null, 2)}\n`;
}

const columns = [
  'state',
  'location',
  'relPath',
  'size',
  'blake3',
  'keeper',
  'way',
  'freedBytes',
  'endedAt',
  'code',
  'message',
] as const;
type Line = Readonly<Record<(typeof columns)[number], string | number | null | undefined>>;

function cell(value: string | number | null | undefined): string {
  const text = value == null ? '' : String(value);
  // A spreadsheet would take these for a formula.
  const plain = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function lineOf(task: Task, step: Step): Line {
  const { keeper, endedMs } = step;
  return {
    ...step,
    location: step.from ?? task.src,
    blake3: step.blake3,
    keeper: keeper && `${keeper.location}:${keeper.relPath}`,
    freedBytes: step.freedBytes,
    endedAt: endedMs === undefined ? null : new Date(endedMs).toISOString(),
  };
}

/** RFC 4180: a line of names, then a line a file. */
export function reportCsv(task: Task, steps: readonly Step[]): string {
  const lines = steps.map((step) => {
    const line = lineOf(task, step);
    return columns.map((name) => cell(line[name])).join(',');
  });
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}
