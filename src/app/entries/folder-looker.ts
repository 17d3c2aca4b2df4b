/** The process that looks at the folders of one drive, for the folder picker and the first run. Writes nothing. */
import { toAppError } from '../../core/errors/app-error.ts';
import { folderOf, listNames, lookInto, surveyFolder } from '../../core/locations/look-at-folders.ts';
import { createNodeRawFileSystem } from '../../platform/filesystem/node-raw-file-system.ts';
import type { FromLooker, ToLooker } from '../../platform/processes/look-protocol.ts';
import { withSignsOfLife } from '../location-host/signs-of-life.ts';

/** After this, folders are named without having been looked into. */
const lookForMs = 600;
const surveyForMs = 700;
const surveyFolders = 2_000;

const say = (message: FromLooker): void => {
  if (process.connected) process.send?.(message);
};
const monotonicMs = (): number => performance.now();
const fs = withSignsOfLife(createNodeRawFileSystem(), { say: () => say({ type: 'alive' }), monotonicMs });

function list({ request, untouched }: Extract<ToLooker, { op: 'list' }>): void {
  const listing = listNames(fs, request);
  say({ type: 'names', listing });
  const until = monotonicMs() + lookForMs;
  for (const [index, folder] of listing.folders.entries()) {
    if (monotonicMs() > until) break;
    if (!untouched.includes(folder.path)) say({ type: 'looked', index, folder: lookInto(fs, folder) });
  }
  say({ type: 'listed' });
}

function answer(message: ToLooker): void {
  switch (message.op) {
    case 'folder-of':
      return say({ type: 'folder-of', shown: folderOf(fs, message.request) });
    case 'list':
      return list(message);
    case 'survey': {
      const until = monotonicMs() + surveyForMs;
      const limits = { folders: surveyFolders, isOver: () => monotonicMs() > until };
      return say({ type: 'surveyed', survey: surveyFolder(fs, message.path, limits) });
    }
  }
}

process.on('message', (message: ToLooker) => {
  try {
    answer(message);
  } catch (thrown) {
    say({ type: 'failed', error: toAppError(thrown).toBody().error });
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group; the program decides what to do about it.
process.on('SIGINT', () => {});
say({ type: 'ready' });
