import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliHost, Engine, EngineIntent } from '../cli/cli-host.ts';
import { runCli } from '../cli/run-cli.ts';
import { createTerminal } from '../cli/terminal.ts';
import { AppError } from '../core/errors/app-error.ts';
import { createSettingsFeature } from '../features/settings/settings-feature.ts';
import { acquireInstanceLock, type InstanceLock, readInstance } from '../platform/app-data/instance-lock.ts';
import { readOrCreateToken } from '../platform/app-data/token.ts';
import { configuredLocations } from './configured-locations.ts';
import { startEngine, toApi } from './engine.ts';
import { hashPaths } from './hash-paths.ts';
import { changeSettings, type LoadedSettings, listSettings, loadSettings } from './load-settings.ts';

/** How long a command waits for another command that is still running, or a server that is starting. */
const commandPatienceMs = 10_000;
const lookAgainMs = 250;

/** The program: parses the words of the command line, composes what they need and resolves with the exit status. */
export async function main(argv: string[]): Promise<number> {
  const version = packageVersion();
  const host: CliHost = {
    ...createTerminal(),
    version,
    openEngine: (intent) => openEngine(argv.slice(0, 2).join(' '), intent),
    settings: toApi(settingsHandlers()),
    hashFiles: hashPaths,
    // Loaded when wanted: a command that needs no server need not wait for its modules.
    serve: async (request) => (await import('./serve.ts')).serve({ ...request, version }),
  };
  return runCli(argv, host);
}

async function openEngine(command: string, intent?: EngineIntent): Promise<Engine> {
  const settings = loadSettings();
  const lock = await lockOrServer(settings.appDataDir, command);
  if (typeof lock === 'string') return connect(lock, settings);
  try {
    const onNotice = (sentence: string): unknown => process.stderr.write(`note: ${sentence}\n`);
    const engine = await startEngine({ settings, configured: configuredLocations(settings), onNotice, ...intent });
    return {
      api: toApi(engine.handlers),
      mode: 'in-process',
      onEvent: (listener) => engine.events.subscribe(listener),
      async close() {
        await engine.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/** The lock, or the address of the server that holds it. A server that is still starting is waited for as well. */
async function lockOrServer(appDataDir: string, command: string): Promise<InstanceLock | string> {
  const deadline = performance.now() + commandPatienceMs;
  for (;;) {
    const running = readInstance(appDataDir);
    if (running?.kind === 'server' && running.url) return running.url;
    try {
      return await acquireInstanceLock(appDataDir, { kind: 'command', command }, { waitMs: lookAgainMs });
    } catch (thrown) {
      const isHeld = thrown instanceof AppError && thrown.code === 'INSTANCE_RUNNING';
      if (!isHeld || performance.now() >= deadline) throw thrown;
    }
  }
}

async function connect(baseUrl: string, { appDataDir }: LoadedSettings): Promise<Engine> {
  const [{ createHttpApi }, { subscribeToServerEvents }] = await Promise.all([
    import('../platform/network/http-api-client.ts'),
    import('../platform/network/server-events.ts'),
  ]);
  const server = { baseUrl, token: readOrCreateToken(appDataDir) };
  const subscriptions = new Set<{ close(): void }>();
  return {
    api: createHttpApi(server),
    mode: 'server',
    onEvent(listener) {
      const subscription = subscribeToServerEvents({ ...server, onEvent: listener, onReset: () => {} });
      subscriptions.add(subscription);
      return () => subscription.close();
    },
    async close() {
      for (const subscription of subscriptions) subscription.close();
    },
  };
}

/** Settings are read when a command asks for them, so that a bad one does not keep `--help` from working. */
function settingsHandlers() {
  return createSettingsFeature({
    settingsFile: () => loadSettings().settingsFile,
    read: listSettings,
    write: changeSettings,
  });
}

function packageVersion(): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(fromSource ? '../../package.json' : '../package.json', import.meta.url));
  return (JSON.parse(readFileSync(path.resolve(file), 'utf8')) as { version: string }).version;
}
