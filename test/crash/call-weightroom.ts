import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PerformOptions } from './mover.ts';
import type { Command, GroupEnd } from './process-group.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Another build than this repository's, to compare. */
export const program = process.env.WEIGHTROOM_PROGRAM ?? path.join(repository, 'dist', 'weightroom.js');

/** Runs it with the disks as its locations, both of which allow deleting. */
export function callWeightroom(
  words: readonly string[],
  { disks, groups, through = [], env, uid }: PerformOptions,
  { onOutput }: Pick<Command, 'onOutput'> = {},
): Promise<GroupEnd> {
  const argv = [...through, process.execPath, program, ...words];
  return groups.run({
    argv,
    cwd: disks.home,
    env: {
      HOME: disks.home,
      LOCAL_MODELS_ROOT: disks.local,
      LAKE_MODELS_ROOT: disks.lake,
      APP_DATA_DIR: path.join(disks.home, 'app-data'),
      LOCAL_ALLOW_DELETE: '1',
      LAKE_ALLOW_DELETE: '1',
      ...env,
    },
    ...(uid === undefined ? {} : { uid }),
    ...(onOutput ? { onOutput } : {}),
  });
}
