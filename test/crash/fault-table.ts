import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { Mover } from './mover.ts';
import type { Tally } from './tally.ts';

export interface TableRow {
  readonly name: string;
  /** By name of the program; a reason instead where nothing was run. */
  readonly cells: ReadonlyMap<string, Tally | string>;
}

export interface TableOptions {
  readonly rows: readonly TableRow[];
  readonly movers: readonly Mover[];
  readonly startedAt: Date;
  readonly minutes: number;
}

const columns = ['lost', 'partial', 'doubled', 'overwritten', 'undone', 'leaked', 'other'] as const;

/** `cycles: what was found`, in files; a plain number of cycles means that nothing was. */
export function cellOf(tally: Tally | string | undefined): string {
  if (tally === undefined || typeof tally === 'string') return tally ?? '–';
  const found = columns.filter((kind) => tally.counts[kind] > 0).map((kind) => `${tally.counts[kind]} ${kind}`);
  return found.length === 0 ? `${tally.cycles}: none` : `${tally.cycles}: ${found.join(', ')}`;
}

export function tableOf(rows: readonly TableRow[], movers: readonly Mover[]): string {
  const lines = [
    ['fault', ...movers.map(({ name }) => name)],
    ...rows.map(({ name, cells }) => [name, ...movers.map((mover) => cellOf(cells.get(mover.name)))]),
  ];
  const widths = lines[0]!.map((_, k) => Math.max(...lines.map((line) => line[k]!.length)));
  const text = lines.map((line) => `| ${line.map((cell, k) => cell.padEnd(widths[k]!)).join(' | ')} |`);
  return [text[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...text.slice(1)].join('\n');
}

export function pageOf({ rows, movers, startedAt, minutes }: TableOptions): string {
  return `# Fault table

What crashes, power cuts and bad drives do to files that are being copied, moved, deleted or mirrored: by Weightroom, and by
the programs that people would use instead, in the same harness on one machine. This page is written by \`npm run
test:release\`; do not edit it.

${factsOf(movers, startedAt, minutes)}

${tableOf(rows, movers)}

A cell is \`cycles: files\`. After each cycle an oracle that knows nothing of the program hashes every file on both disks,
as the crash left them and again after one restart (a peer is called once more with what is left at the source).

- **lost**: no intact copy at source or target, and nobody asked to delete it.
- **partial**: other bytes than the source’s under the final name.
- **doubled**: a move that was said to be done left the file in both places; or a task ran twice.
- **overwritten**: a file that was there before has other bytes.
- **undone**: said to be done, and it is not.
- **leaked**: a temporary file that is still there after the restart.
- **other**: the queue or the index contradicts the disks, no sentence, did not end.

## How it is made

- Kills hit the whole process tree at once: at random moments after the first change of a file, a quarter of them again in
  the restart; or right before or after the n-th call that changes a file, over all processes and threads
  (\`test/crash/kill-points.c\`). rclone does not use the C library, so its calls cannot be counted.
- Power cuts are taken from a running system: source, target and app data are file systems in one file, which is cloned at
  one moment and mounted in place of the running one. What the file system has sent counts as being on the disk; the cache
  inside a drive is not modelled. In most runs another program on the same disks makes a file of its own durable now and
  then. ext4 and btrfs commit every second instead of every 5 or 30.
- Disk errors come from a FUSE file system (\`test/faults/faultfs.c\`). Rows with lost writes and flipped bits run
  Weightroom with \`--verify readback\`; the peers have no such option for a move.
- In the row about names another program creates files under names of targets, never replacing one, while they are being
  copied; the peers run with \`-n\` or \`--ignore-existing\` there.
- A shell script of ten lines that copies, syncs, links, syncs and only then removes is run through the same power cuts and
  kills in \`test/crash/\`: it loses nothing, so the losses in the table are the programs’ own.
`;
}

function factsOf(movers: readonly Mover[], startedAt: Date, minutes: number): string {
  const versions = movers.map((mover) => `${mover.name.split(' ')[0]} ${mover.version() ?? '(missing)'}`);
  const facts = [
    ['date', startedAt.toISOString().slice(0, 16).replace('T', ' ')],
    ['machine', `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB`],
    ['system', `${systemName()}, Linux ${release()}`],
    ['Node', process.version],
    ['programs', versions.join(', ')],
    ['time', `${minutes.toFixed(0)} minutes`],
  ];
  return facts.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

function systemName(): string {
  return /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown system';
}
