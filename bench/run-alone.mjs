import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './run-folder.mjs';

/**
 * Two runs at once would measure each other, and use the same libraries. Takes the cache folder for this process and
 * gives it back at its end; throws while another run has it.
 */
export function takeForThisRun(cacheFolder) {
  const file = join(cacheFolder, 'running');
  const holder = readHolder(file);
  if (holder !== null)
    throw new Error(`Another run (process ${holder}) uses ${cacheFolder}. Wait for its end, or give --dir.`);
  writeFileSync(file, String(process.pid));
  atEnd(() => rmSync(file, { force: true }));
}

/** Null when nobody holds it, or who did has ended without a word. */
function readHolder(file) {
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}
