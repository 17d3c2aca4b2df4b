import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const switchFile = '/proc/sys/vm/drop_caches';

/** Why files cannot be made cold here; null when they can. */
export function whyNotCold() {
  if (process.platform !== 'linux') return 'only Linux can forget its caches';
  if (process.getuid?.() !== 0) return 'forgetting the caches of the system needs root';
  try {
    writeFileSync(switchFile, '1');
    return null;
  } catch (error) {
    return `this machine does not let its caches be dropped (${error.code})`;
  }
}

/** Contents, folders and inodes of all files: the next reader asks the drive for everything, its own program included. */
export function forgetCaches() {
  spawnSync('sync');
  writeFileSync(switchFile, '3');
}
