import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that people would use instead, and the Debian package of each. */
const known = {
  find: { commands: ['find'], package: 'findutils', version: ['--version'] },
  fd: { commands: ['fdfind', 'fd'], package: 'fd-find', version: ['--version'] },
  rclone: { commands: ['rclone'], package: 'rclone', version: ['version'] },
  rsync: { commands: ['rsync'], package: 'rsync', version: ['--version'] },
  jdupes: { commands: ['jdupes'], package: 'jdupes', version: ['-v'] },
  rdfind: { commands: ['rdfind'], package: 'rdfind', version: ['--version'] },
  rmlint: { commands: ['rmlint'], package: 'rmlint', version: ['--version'] },
  b3sum: { commands: ['b3sum'], package: 'b3sum', version: ['--version'] },
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    package: 'chromium',
    version: ['--version'],
  },
};

/** Path and version of each peer; null for one that is not installed. */
export function findPeers() {
  return Object.fromEntries(
    Object.entries(known).map(([name, { commands, version }]) => {
      const path = commands.map(inPath).find((found) => found !== null) ?? null;
      if (path === null) return [name, null];
      const said = spawnSync(path, version, { encoding: 'utf8', timeout: 20_000 }).stdout ?? '';
      return [name, { path, version: /\d+(\.\d+)+[-\w.]*/.exec(said)?.[0] ?? 'unknown' }];
    }),
  );
}

export const packageOf = (name) => known[name].package;

function inPath(command) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}
