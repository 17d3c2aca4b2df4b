import { exitStatusOf } from '../contract/errors.ts';
import { AppError, cancelled, toAppError } from '../core/errors/app-error.ts';
import { type CliHost, type Engine, type EngineIntent, OutputClosed } from './cli-host.ts';
import type { Outcome, Session } from './command.ts';
import { createLook } from './output/look.ts';
import { createProgress } from './output/progress.ts';
import { parseArguments } from './parse-arguments.ts';

/** How long a cancelled command may take to tidy up before the program ends regardless. */
const tidyUpMs = 1_500;

/**
 * Runs one command line (without `node` and script) and resolves with its exit status. Never rejects: whatever is
 * thrown becomes a sentence, or one line of JSON, on stderr.
 */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const json = argv.includes('--json');
  try {
    const parsed = parseArguments(argv, host.version);
    if (parsed.kind === 'show') {
      await host.stdout.write(parsed.text);
      return 0;
    }
    return await withInterrupts(host, (signal) =>
      withSession(host, { json, signal }, async (session) => {
        const outcome = await parsed.command.run(parsed.rawInput, session);
        await session.progress.clear();
        await print(outcome, session);
        return outcome.exitStatus;
      }),
    );
  } catch (thrown) {
    if (thrown instanceof OutputClosed) return 0;
    return report(thrown, host, json);
  }
}

async function print(outcome: Outcome, { json, host, signal }: Session): Promise<void> {
  if (!json) {
    const look = createLook({ columns: host.stdout.columns, color: host.color });
    for await (const line of outcome.text(look)) {
      signal.throwIfAborted();
      await host.stdout.write(`${line}\n`);
    }
    return;
  }
  const document = outcome.json();
  if ('value' in document) {
    await host.stdout.write(`${JSON.stringify(document.value)}\n`);
    return;
  }
  for await (const piece of document.pieces) {
    signal.throwIfAborted();
    await host.stdout.write(piece);
  }
}

async function withSession<T>(
  host: CliHost,
  { json, signal }: { json: boolean; signal: AbortSignal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let opening: Promise<Engine> | undefined;
  const progress = createProgress(host.stderr);
  const engine = (intent?: EngineIntent) => {
    opening ??= host.openEngine(intent);
    return opening;
  };
  try {
    return await work({ host, signal, json, progress, engine });
  } finally {
    await progress.clear();
    const opened = await opening?.catch(() => undefined);
    await opened?.close();
  }
}

/**
 * Ctrl+C aborts `signal`; the command then has a moment to end in good order. A second Ctrl+C, or the end of that
 * moment, ends the wait.
 */
async function withInterrupts<T>(host: CliHost, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let stop = () => {};
  let timer: NodeJS.Timeout | undefined;
  const gaveUp = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(cancelled('The command'));
    stop = host.onInterrupt(() => {
      if (controller.signal.aborted) giveUp();
      timer ??= setTimeout(giveUp, tidyUpMs);
      controller.abort(cancelled('The command'));
    });
  });
  try {
    return await Promise.race([work(controller.signal), gaveUp]);
  } catch (thrown) {
    // Whatever broke because of the interruption is the interruption, unless it tells what became of the work.
    throw controller.signal.aborted && !tellsWhatRemains(thrown) ? cancelled('The command') : thrown;
  } finally {
    stop();
    clearTimeout(timer);
  }
}

function tellsWhatRemains(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'CANCELLED' && thrown.hint !== undefined;
}

async function report(thrown: unknown, host: CliHost, json: boolean): Promise<number> {
  const error = toAppError(thrown);
  const text = json ? `${JSON.stringify(error.toBody())}\n` : describe(error);
  await host.stderr.write(text).catch(() => undefined);
  return exitStatusOf[error.kind];
}

function describe(error: AppError): string {
  const cause = error.kind === 'internal' && error.cause instanceof Error ? `${error.cause.stack ?? ''}\n` : '';
  const hint = error.hint === undefined ? '' : `hint: ${error.hint}\n`;
  return `error: ${error.message}\n${hint}${cause}`;
}
