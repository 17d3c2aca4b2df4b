// A Windows of its own for one run of the tests: a fresh Wine prefix in a temporary folder, gone at the end.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Wine shows the whole Linux tree as drive Z. */
export const windowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;
export const windowsUrl = (path) => `file:///Z:${path.split('/').map(encodeURIComponent).join('/')}`;

/** `\\nas\models`, a share that lies in the prefix. */
const share = { server: 'nas', name: 'models' };

/** @throws where Wine does not start. */
export function startWine() {
  const prefix = mkdtempSync(join(tmpdir(), 'weightroom-wine-'));
  const env = {
    PATH: process.env.PATH,
    HOME: prefix,
    WINEPREFIX: prefix,
    // Names beyond ASCII.
    LC_ALL: 'C.UTF-8',
    WINEDEBUG: '-all',
    // No .NET, no browser engine, no menu entries: they are asked for at the first start and not needed.
    WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
  };
  const end = () => {
    spawnSync('wineserver', ['--kill', '--wait'], { env, stdio: 'ignore', timeout: 20_000 });
    rmSync(prefix, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    call('wineboot', ['--init'], env);
    call('wine', ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'], env);
    const folder = join(prefix, 'drive_c', 'share');
    const server = join(prefix, 'dosdevices', 'unc', share.server);
    mkdirSync(folder);
    mkdirSync(server, { recursive: true });
    symlinkSync(folder, join(server, share.name));
  } catch (thrown) {
    end();
    throw thrown;
  }
  return {
    /** The share as Windows writes it, and the same folder on drive C. */
    share: `\\\\${share.server}\\${share.name}`,
    shareFolder: 'C:\\share',
    end,
    /** Runs a Windows program; its output goes to files, because Wine's pipes do not pass for a terminal or a console. */
    run: (program, args, options) => run(program, args, { ...options, env: { ...env, ...options.env } }),
  };
}

function call(command, args, env) {
  const { status, error } = spawnSync(command, args, { env, stdio: 'ignore', timeout: 120_000 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

/** @returns the exit status; null where it was killed because it took too long. */
function run(program, args, { cwd, env, output, timeoutMs }) {
  const file = openSync(output, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn('wine', [program, ...args], { cwd, env, stdio: ['ignore', file, file] });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', reject);
    child.on('exit', (status) => {
      clearTimeout(timer);
      closeSync(file);
      resolve(status);
    });
  });
}
