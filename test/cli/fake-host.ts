import type { z } from 'zod';
import type { CliHost, Engine, EngineIntent, ServeRequest, TextSink } from '../../src/cli/cli-host.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { type Api, type ApiHandlers, apiEndpoints } from '../../src/contract/api.ts';
import type { WeightroomEvent } from '../../src/contract/events.ts';
import { AppError } from '../../src/core/errors/app-error.ts';

/** An engine that answers from fixed values, holding both sides to the contract: inputs and outputs are parsed. */
export function createFakeApi(handlers: Partial<ApiHandlers>): Api {
  const calls = Object.entries(apiEndpoints).map(([name, endpoint]) => {
    const handler = handlers[name as keyof ApiHandlers] as ((input: unknown, options: unknown) => unknown) | undefined;
    const call = async (input: unknown, options: unknown) => {
      if (!handler) throw new AppError('UNSUPPORTED', `The test gives no answer to ${name}.`);
      const schema: z.ZodType = endpoint.input;
      return (endpoint.output as z.ZodType).parse(await handler(schema.parse(input), options));
    };
    return [name, call];
  });
  return Object.fromEntries(calls) as Api;
}

export interface FakeHostOptions {
  readonly api?: Partial<ApiHandlers>;
  readonly openEngine?: CliHost['openEngine'];
  readonly hashFiles?: CliHost['hashFiles'];
  readonly serve?: (request: ServeRequest) => Promise<void>;
  readonly columns?: number;
  readonly stderrIsTTY?: boolean;
  /** What a person types at the terminal, one for each question; without it nobody is there to answer. */
  readonly answers?: readonly string[];
  readonly mode?: Engine['mode'];
  /** Events the engine publishes as soon as someone listens. */
  readonly events?: readonly WeightroomEvent[];
  /** Called before each write to stdout. */
  readonly onWrite?: (text: string) => void | Promise<void>;
}

export interface FakeRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Engines opened and not closed. */
  readonly openEngines: number;
  /** What the command said it was about to do when it opened the engine. */
  readonly intent: EngineIntent | undefined;
}

/** Runs a command line against a fake machine; `interrupt` is handed out before it starts. */
export async function runFake(
  argv: readonly string[],
  options: FakeHostOptions = {},
  onStart: (interrupt: () => void) => void = () => {},
): Promise<FakeRun> {
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  let openEngines = 0;
  let intent: EngineIntent | undefined;
  const answers = [...(options.answers ?? [])];
  const api = createFakeApi(options.api ?? {});
  const sink = (name: 'stdout' | 'stderr', isTTY: boolean): TextSink => ({
    isTTY,
    columns: options.columns ?? Number.POSITIVE_INFINITY,
    async write(text) {
      if (name === 'stdout') await options.onWrite?.(text);
      written[name] += text;
    },
  });
  const host: CliHost = {
    version: '1.2.3',
    stdout: sink('stdout', false),
    stderr: sink('stderr', options.stderrIsTTY ?? false),
    color: false,
    cwd: process.cwd(),
    settings: api,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask:
      options.answers === undefined
        ? null
        : async (question) => {
            written.stderr += question;
            return answers.shift() ?? '';
          },
    async openEngine(given) {
      if (options.openEngine) return options.openEngine(given);
      openEngines += 1;
      intent = given;
      return {
        api,
        mode: options.mode ?? 'in-process',
        onEvent(listener) {
          for (const event of options.events ?? []) listener(event);
          return () => {};
        },
        close: async () => {
          openEngines -= 1;
        },
      };
    },
    hashFiles: options.hashFiles ?? (async () => []),
    serve: options.serve ?? (async () => {}),
  };
  onStart(() => {
    for (const listener of listeners) listener();
  });
  const status = await runCli(argv, host);
  return { status, ...written, openEngines, intent };
}
