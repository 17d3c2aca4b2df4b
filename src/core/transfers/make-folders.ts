import { AppError } from '../errors/app-error.ts';
import { relativeTo } from '../paths/containment.ts';
import type { ChangingFileSystem, RawFolder } from '../ports/changing-file-system.ts';
import type { RawKind } from '../ports/raw-file-system.ts';
import { escapes, join, separatorOf } from './real-paths.ts';
import { isCode, orNull, type Side } from './side.ts';

export interface MakeFoldersOptions {
  readonly fs: ChangingFileSystem;
  readonly side: Side;
  readonly realRoot: string;
  /** Folder below the root, with `/`. */
  readonly relPath: string;
  /** Takes an open folder in which one was made, and will sync and close it; without it that is done here, at once. */
  readonly syncLater?: ((folder: RawFolder) => void) | undefined;
}

/**
 * Makes the folders on the way that are missing, each made in the one that was opened and checked before, and made
 * durable there, at once or before anything is told: a file in a folder whose own name is lost would be lost with it.
 * Returns the path of the last one.
 */
export function makeFolders({ fs, side, realRoot, relPath, syncLater }: MakeFoldersOptions): string {
  let path = realRoot;
  for (const name of relPath.split('/')) {
    const above = path;
    const folder = side(() => fs.openFolder(above));
    let isKept = false;
    const onMade = (): void => {
      if (!syncLater) return void side(() => folder.sync());
      isKept = true;
      syncLater(folder);
    };
    try {
      requireInside(
        fs,
        side(() => folder.realPath()),
        { realRoot, relPath },
      );
      const kind = orNull(() => side(() => folder.lstat(name)))?.kind ?? makeOne(folder, side, { name, onMade });
      path = side(() => (kind === 'link' ? fs.realPath(join(fs, above, name)) : join(fs, folder.realPath(), name)));
      if (kind !== 'folder' && side(() => fs.stat(path)).kind !== 'folder') throw inTheWay(name, relPath);
      requireInside(fs, path, { realRoot, relPath });
    } finally {
      if (!isKept) folder.close();
    }
  }
  return path;
}

/** TARGET_EXISTS: somebody else was quicker, which is as good where it is a folder. */
function makeOne(
  folder: RawFolder,
  side: Side,
  { name, onMade }: { readonly name: string; readonly onMade: () => void },
): RawKind {
  try {
    side(() => folder.makeFolder(name));
  } catch (thrown) {
    if (!isCode(thrown, 'TARGET_EXISTS')) throw thrown;
    return side(() => folder.lstat(name)).kind;
  }
  onMade();
  return 'folder';
}

function requireInside(
  fs: ChangingFileSystem,
  path: string,
  { realRoot, relPath }: Pick<MakeFoldersOptions, 'realRoot' | 'relPath'>,
): void {
  if (relativeTo(realRoot, path, separatorOf(fs)) === null) {
    throw escapes(relPath);
  }
}

function inTheWay(name: string, relPath: string): AppError {
  return new AppError('TARGET_EXISTS', `The folder “${relPath}” cannot be made: “${name}” on the way to it is a file.`);
}
