import { spawn } from 'node:child_process';
import path from 'node:path';
import { AppError } from '../../core/errors/app-error.ts';
import type { Desktop } from '../../core/ports/desktop.ts';
import type { ShownFolder } from '../../core/ports/folder-looks.ts';

/** Openers that fail do so at once; those that stay in the foreground have opened something. */
const failsWithinMs = 3_000;

interface Opener {
  readonly file: string;
  readonly args: readonly string[];
  readonly verbatim?: boolean;
  /** Explorer ends with 1 whatever happened. */
  readonly ignoresStatus?: boolean;
}

/** The system's file manager. Programs are started with an argument list, never through a shell. */
export function createDesktop(environment: NodeJS.ProcessEnv = process.env): Desktop {
  return {
    async showFolder(shown) {
      const openers = openersFor(shown, environment);
      if (openers.length === 0) throw noDesktop(shown, 'This machine has no desktop that could show it');
      for (const opener of openers) if (await run(opener)) return;
      throw noDesktop(shown, 'No file manager could be started');
    },
  };
}

function openersFor({ folder, file }: ShownFolder, environment: NodeJS.ProcessEnv): readonly Opener[] {
  switch (process.platform) {
    case 'win32': {
      const explorer = path.join(environment.SystemRoot ?? 'C:\\Windows', 'explorer.exe');
      // Explorer reads its command line by itself: quotes belong around the path alone, and no name contains one.
      const argument = file === null ? `"${plain(folder)}"` : `/select,"${path.join(plain(folder), file)}"`;
      return [{ file: explorer, args: [argument], verbatim: true, ignoresStatus: true }];
    }
    case 'darwin':
      return [{ file: '/usr/bin/open', args: file === null ? [folder] : ['-R', path.join(folder, file)] }];
    default:
      if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return [];
      return [
        { file: 'xdg-open', args: [folder] },
        { file: 'gio', args: ['open', folder] },
      ];
  }
}

/** Explorer does not know the form for long paths. */
function plain(folder: string): string {
  if (folder.startsWith('\\\\?\\UNC\\')) return `\\\\${folder.slice(8)}`;
  return folder.startsWith('\\\\?\\') ? folder.slice(4) : folder;
}

function run({ file, args, verbatim = false, ignoresStatus = false }: Opener): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], {
      stdio: 'ignore',
      detached: true,
      shell: false,
      windowsVerbatimArguments: verbatim,
    });
    const timer = setTimeout(() => resolve(true), failsWithinMs);
    const settle = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once('error', () => settle(false));
    child.once('exit', (status) => settle(ignoresStatus || status === 0));
    child.unref();
  });
}

function noDesktop({ folder }: ShownFolder, why: string): AppError {
  return new AppError('UNSUPPORTED', `“${folder}” was not opened. ${why}.`, {
    hint: 'Copy the path and open it where you have one.',
  });
}
