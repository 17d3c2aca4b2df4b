import type { ChangingFileSystem } from '../../core/ports/changing-file-system.ts';
import { holdFolder } from './held-folder.ts';
import { NodeFolder } from './node-folder.ts';
import { createNodeRawFileSystem } from './node-raw-file-system.ts';
import { fromOsError } from './os-error.ts';
import { type NameCalls, patientNameCalls, plainNameCalls } from './patient-calls.ts';
import type { SyncsBeside } from './syncs-beside.ts';

export interface NodeChangingFileSystemOptions {
  /** Called while a name that Windows does not let go of is waited for, at least once a second. */
  readonly onPause?: () => void;
  /** Folders are held as on systems without `/proc`: by their path, which is checked around each call. For tests. */
  readonly byPath?: boolean;
  /** For tests of drives that answer otherwise. */
  readonly calls?: NameCalls;
  /** Makes syncs that are begun; without it they are made when their answer is asked for. */
  readonly syncs?: SyncsBeside;
}

/** `ChangingFileSystem` on the real machine, for the process in which transfers run. */
export function createNodeChangingFileSystem({
  onPause = () => {},
  byPath = false,
  calls: given = plainNameCalls,
  syncs,
}: NodeChangingFileSystemOptions = {}): ChangingFileSystem {
  const calls =
    process.platform === 'win32' ? patientNameCalls(given, { onPause, monotonicMs: () => performance.now() }) : given;
  return {
    ...createNodeRawFileSystem(),
    openFolder(path) {
      try {
        return new NodeFolder({ held: holdFolder(path, { byPath }), path, calls, syncs: syncs ?? null });
      } catch (thrown) {
        throw fromOsError(thrown, path);
      }
    },
  };
}
