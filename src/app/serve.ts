import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServeRequest } from '../cli/cli-host.ts';
import { acquireInstanceLock } from '../platform/app-data/instance-lock.ts';
import { readOrCreateToken } from '../platform/app-data/token.ts';
import { configuredLocations } from './configured-locations.ts';
import { prepareDemo } from './demo-library.ts';
import { startEngine } from './engine.ts';
import { loadSettings } from './load-settings.ts';
import { keepWarm, readReturned } from './reactions.ts';

/** Serves until the signal fires. Data in `engine.close` is safe before this resolves; it takes 2 s at most. */
export async function serve(request: ServeRequest & { readonly version: string }): Promise<void> {
  const settings = loadSettings();
  const lock = await acquireInstanceLock(settings.appDataDir, { kind: 'server' });
  try {
    const configured = request.demo === 'always' ? [] : configuredLocations(settings);
    for (const warning of settings.warnings) note(warning);
    const starting = startEngine({
      settings,
      configured,
      demo: demoFor(request.demo),
      onNotice: note,
      runsQueue: 'all',
    });
    // Loaded while the stored index is read by its thread. A failure of the engine is told below.
    starting.catch(() => {});
    const { startServer } = await import('../server/start-server.ts');
    const engine = await starting;
    try {
      const token = readOrCreateToken(settings.appDataDir);
      const server = await startServer({
        handlers: engine.handlers,
        events: engine.events,
        token,
        version: request.version,
        host: request.host ?? settings.values.host,
        port: request.port ?? settings.values.port,
        webRoot: webRoot(),
        onInternalError: (error) =>
          process.stderr.write(
            `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
          ),
      });
      const warmth = keepWarm(engine);
      const stopReacting = [warmth.stop, readReturned(engine)];
      try {
        lock.setUrl(server.url);
        const url = `${server.url}/#token=${token}`;
        request.onReady(url);
        if (request.open) openBrowser(url);
        // The stored rows first: reading the drives at the same time would make them wait.
        void warmth.firstTime.then(() => engine.handlers.refreshIndex({ wait: false })).catch(() => {});
        await aborted(request.signal);
      } finally {
        for (const stop of stopReacting) stop();
        await server.close();
      }
    } finally {
      await engine.close();
    }
  } finally {
    lock.release();
  }
}

function note(sentence: string): void {
  process.stderr.write(`note: ${sentence}\n`);
}

/** Locations to show when the person has none, or wants to see the demo anyway. */
function demoFor(wish: ServeRequest['demo']) {
  if (wish === 'never') return null;
  return { always: wish === 'always', prepare: () => prepareDemo(Date.now()) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function webRoot(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/web' : './web', import.meta.url));
}

/** Asks the desktop to open the page; where there is none, the printed address has to do. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['rundll32', 'url.dll,FileProtocolHandler', url]
      : process.platform === 'darwin'
        ? ['open', url]
        : ['xdg-open', url];
  const child = spawn(command ?? '', args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
