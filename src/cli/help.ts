import { exitFinishedWithFailures, exitStatusOf } from '../contract/errors.ts';
import type { Command } from './command.ts';
import { commands, groups } from './command-table.ts';
import { displayWidth } from './output/width.ts';

/** Narrow enough for every terminal, and the same everywhere so that it can be compared. */
const columns = 100;

const everywhere: Readonly<Record<number, string>> = {
  0: 'Done.',
  1: 'A bug in Weightroom.',
  2: 'The command line or a setting cannot be used.',
  130: 'Cancelled by Ctrl+C or SIGTERM.',
};

/** What the other statuses mean in general; a command's own page says when it ends with them. */
const kindMeanings: Readonly<Record<number, string>> = {
  [exitFinishedWithFailures]: 'Finished, but some items failed; they are listed.',
  [exitStatusOf['not-found']]: 'Not found.',
  [exitStatusOf.conflict]: 'In conflict with something that exists or runs.',
  [exitStatusOf.policy]: 'Not allowed.',
  [exitStatusOf.unavailable]: 'A drive, share or file cannot be reached now.',
  [exitStatusOf['no-space']]: 'The drive is full.',
  [exitStatusOf.corrupt]: 'Damaged content.',
  [exitStatusOf.unsupported]: 'This machine or drive cannot do that.',
};

const commonOptions = [
  { term: '--json', summary: 'Write JSON to stdout, errors as JSON to stderr.' },
  { term: '-h, --help', summary: 'Show this page.' },
];

export function renderHelp(command: Command): string {
  const { path, summary, notes = [], args = [], options = [], examples, exits = {} } = command;
  const usage = ['Usage: weightroom', path, ...args.map(({ term }) => term), '[options]'].join(' ');
  return page([
    [usage],
    [...wrap(summary, columns), ...notes.flatMap((note) => wrap(note, columns))],
    section('Arguments', args),
    section('Options', [...options.map(({ flags, summary }) => ({ term: flags, summary })), ...commonOptions]),
    ['Examples', ...examples.flatMap(({ line, meaning }) => [`  ${line}`, `      ${meaning}`])],
    section('Exit status', toRows({ ...everywhere, ...exits })),
  ]);
}

export function renderGroupHelp(group: string): string {
  const members = commands.filter(({ path }) => path.startsWith(`${group} `));
  return page([
    [`Usage: weightroom ${group} <command> [options]`],
    [groups[group] ?? ''],
    section('Commands', members.map(commandRow)),
    [`More about one of them: weightroom ${group} <command> --help`],
  ]);
}

export function renderOverview(version: string): string {
  return page([
    ['Usage: weightroom <command> [options]   (short: wr)'],
    [`Weightroom ${version} keeps large AI model libraries in order across disks, shares, apps and machines.`],
    section('Commands', commands.map(commandRow)),
    section('Options', [...commonOptions, { term: '--version', summary: 'Print the version.' }]),
    [
      'Start here',
      '  weightroom serve --demo-when-empty',
      '      Open the page; while no folder is configured it shows a demo library.',
      '  weightroom diff',
      '      What differs between the folders LOCAL_MODELS_ROOT and LAKE_MODELS_ROOT.',
    ],
    section('Exit status', toRows({ ...kindMeanings, ...everywhere })),
    ['More about one of them: weightroom <command> --help'],
  ]);
}

function toRows(meanings: Readonly<Record<number, string>>) {
  return Object.entries(meanings).map(([term, summary]) => ({ term, summary }));
}

function commandRow({ path, summary }: Command) {
  return { term: path, summary };
}

function page(blocks: readonly (readonly string[])[]): string {
  const full = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${full.join('\n\n')}\n`;
}

function section(title: string, rows: readonly { readonly term: string; readonly summary: string }[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ term }) => displayWidth(term)));
  const indent = ' '.repeat(width + 4);
  return [
    title,
    ...rows.flatMap(({ term, summary }) =>
      wrap(summary, columns - width - 4).map((text, index) =>
        index === 0 ? `  ${term.padEnd(width)}  ${text}` : indent + text,
      ),
    ),
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
