import { CommanderError, Command as Parser } from 'commander';
import { AppError } from '../core/errors/app-error.ts';
import type { Command } from './command.ts';
import { commands, groups } from './command-table.ts';
import { renderGroupHelp, renderHelp, renderOverview } from './help.ts';

export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly rawInput: unknown }
  /** Help or version: print it, done. */
  | { readonly kind: 'show'; readonly text: string };

/** Turns the words of the command line into a command with its input, or throws `UNKNOWN_COMMAND`. */
export function parseArguments(argv: readonly string[], version: string): Parsed {
  const words = withCommandAsWord(argv);
  let parsed: Parsed | undefined;
  let shown = '';
  const parser = createParser(version, (text) => {
    shown += text;
  });
  const known = findCommand(words);
  // Of the others nobody asks; making all of them takes as long as a command.
  for (const command of known ? [known] : commands) {
    addCommand(parser, command, (rawInput) => {
      parsed = { kind: 'run', command, rawInput };
    });
  }
  try {
    if (words.length === 0) parser.outputHelp();
    else parser.parse(words, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode !== 0) throw asUsageError(thrown, words);
  }
  return parsed ?? { kind: 'show', text: shown };
}

/** The command of a group may be written as an option: `mirror --plan` is `mirror plan`, `mirror --execute ID` too. */
function withCommandAsWord(argv: readonly string[]): readonly string[] {
  const [group = '', ...rest] = argv;
  if (!(group in groups) || findCommand(argv) !== undefined) return argv;
  for (const [k, word] of rest.entries()) {
    const [, name = '', value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (findCommand([group, name]) === undefined) continue;
    return [group, name, ...(value === undefined ? [] : [value]), ...rest.toSpliced(k, 1)];
  }
  return argv;
}

/** The command that a command line begins with. */
function findCommand(argv: readonly string[]): Command | undefined {
  const [first, second] = argv;
  return commands.find(({ path }) => path === first || path === `${first} ${second}`);
}

function createParser(version: string, show: (text: string) => void): Parser {
  const parser = new Parser('weightroom')
    .exitOverride()
    .configureOutput({ writeOut: show, writeErr: () => undefined, outputError: () => undefined })
    .option('--json')
    .version(version, '--version')
    .helpOption('-h, --help');
  parser.helpInformation = () => renderOverview(version);
  for (const name of Object.keys(groups)) {
    const group = parser.command(name);
    group.helpInformation = () => renderGroupHelp(name);
  }
  return parser;
}

function addCommand(parser: Parser, command: Command, choose: (rawInput: unknown) => void): void {
  const words = command.path.split(' ');
  const name = words.at(-1) ?? command.path;
  const parent = words.length === 1 ? parser : parser.commands.find((group) => group.name() === words[0]);
  const child = (parent ?? parser).command(name);
  child.helpInformation = () => renderHelp(command);
  for (const { term } of command.args ?? []) child.argument(term);
  for (const { flags } of command.options ?? []) child.option(flags);
  child.action(() => {
    const names = (command.args ?? []).map(({ term }) => term.replace(/[<>[\].]/g, ''));
    const values = names.map((key, index) => [key, child.processedArgs[index]] as const);
    choose({ ...child.opts(), ...Object.fromEntries(values) });
  });
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` becomes a sentence and a hint. */
function asUsageError(error: CommanderError, argv: readonly string[]): AppError {
  if (error.code === 'commander.help') {
    const group = argv.find((word) => word in groups) ?? '';
    const names = commands
      .filter(({ path }) => path.startsWith(`${group} `))
      .map(({ path }) => path.slice(group.length + 1));
    return new AppError('UNKNOWN_COMMAND', `\`weightroom ${group}\` needs a command: ${names.join(', ')}.`, {
      hint: `See \`weightroom ${group} --help\`.`,
    });
  }
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.?$/, '.')}`;
  const path = findCommand(argv)?.path ?? argv.slice(0, 1).find((word) => word in groups);
  const isInvalidValue = error.code === 'commander.missingArgument' || error.code === 'commander.optionMissingArgument';
  return new AppError(isInvalidValue ? 'INVALID_INPUT' : 'UNKNOWN_COMMAND', sentence, {
    hint: suggestion?.replace(/^\(|\)$/g, '') ?? `See \`weightroom ${path === undefined ? '' : `${path} `}--help\`.`,
  });
}
