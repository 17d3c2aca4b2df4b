import type { Disks } from './disks.ts';
import { isRoot, tool, toolAnyway } from './shell.ts';
import { makeFolder, type Undoing } from './undoing.ts';

/** Plain folders; where this user may mount, on two file systems, so that a move has bytes to copy. */
export async function plainDisks(undoing: Undoing): Promise<Disks> {
  const [local, lake, home] = [await makeFolder(undoing), await makeFolder(undoing), await makeFolder(undoing)];
  if (isRoot) await mountTmpfs(undoing, lake, 'size=512m');
  return { local, lake, home };
}

export async function mountTmpfs(undoing: Undoing, mountPoint: string, options: string): Promise<void> {
  await tool('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', mountPoint);
  undoing.after(() => toolAnyway('umount', '-l', mountPoint));
}
