import type { z } from 'zod';
import { plainMessage } from '../contract/plain-message.ts';
import { AppError } from '../core/errors/app-error.ts';
import type { CliHost, Engine, EngineIntent } from './cli-host.ts';
import type { Look } from './output/look.ts';
import type { Progress } from './output/progress.ts';

export interface CommandArgument {
  /** `<id>` is required, `[id]` is not, `[path...]` takes any number. */
  readonly term: string;
  readonly summary: string;
}

export interface CommandOption {
  /** As commander reads it: `--limit <n>`, `--no-open`. */
  readonly flags: string;
  readonly summary: string;
}

export interface CommandExample {
  readonly line: string;
  readonly meaning: string;
}

/** What a running command has at hand. */
export interface Session {
  readonly host: CliHost;
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly progress: Progress;
  /** Opens the engine at the first call; it is closed after the output is written. */
  engine(intent?: EngineIntent): Promise<Engine>;
}

/** Either one value, or the pieces of one JSON document that is too large to hold. */
export type JsonDocument = { readonly value: unknown } | { readonly pieces: AsyncIterable<string> };
export type Lines = Iterable<string> | AsyncIterable<string>;

export interface Outcome {
  readonly exitStatus: number;
  json(): JsonDocument;
  text(look: Look): Lines;
}

interface CommandDescription {
  /** The words the user types: `index refresh`. */
  readonly path: string;
  readonly summary: string;
  /** Further sentences for the help page. */
  readonly notes?: readonly string[];
  readonly args?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  readonly examples: readonly CommandExample[];
  /** Meanings of the exit statuses special to this command; 0, 1, 2 and 130 mean the same everywhere. */
  readonly exits?: Readonly<Record<number, string>>;
}

/** A command as a value: help, parser and reference page read the description, `runCli` calls `run`. */
export interface Command extends CommandDescription {
  run(rawInput: unknown, session: Session): Promise<Outcome>;
}

interface CommandDefinition<I extends z.ZodType, R> extends CommandDescription {
  /** Arguments and options by their camelCase names; made when the command runs. */
  readonly input: () => I;
  run(input: z.output<I>, session: Session): Promise<R>;
  json(result: R): JsonDocument;
  text(result: R, look: Look): Lines;
  /** 0 when left out. */
  exitStatus?(result: R): number;
}

export function defineCommand<I extends z.ZodType, R>(definition: CommandDefinition<I, R>): Command {
  const { input, run, json, text, exitStatus, ...description } = definition;
  return {
    ...description,
    async run(rawInput, session) {
      const result = await run(parseInput(input(), rawInput, description), session);
      return {
        exitStatus: exitStatus?.(result) ?? 0,
        json: () => json(result),
        text: (look) => text(result, look),
      };
    },
  };
}

function parseInput<I extends z.ZodType>(schema: I, raw: unknown, command: CommandDescription): z.output<I> {
  const parsed = schema.safeParse(raw, { error: plainMessage });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  throw new AppError('INVALID_INPUT', `${termOf(name, command)}: ${issue?.message ?? 'cannot be used'}.`, {
    hint: `See \`weightroom ${command.path} --help\`.`,
  });
}

/** `allowDelete` → `--allow-delete`; an argument keeps its name. */
function termOf(name: string, command: CommandDescription): string {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const isOption = command.options?.some((option) => option.flags.split(' ')[0] === flag);
  return isOption ? flag : name === '' ? 'input' : name;
}
