import { AppError } from '../errors/app-error.ts';
import { probeCase } from '../locations/probe-root.ts';
import { relativeTo } from '../paths/containment.ts';
import type { ScanBatch, ScanEnd, ScanRequest } from '../ports/location-files.ts';
import type { RawFileSystem } from '../ports/raw-file-system.ts';
import { requireReadFolder } from './folder-to-read.ts';
import { absolutePath, type FolderScan, type PendingFolder, type ScanContext, scanFolder } from './scan-folder.ts';

/** Turns `ScanRequest.ignoreGlobs` into a test over relPaths. */
export type GlobMatcher = (globs: readonly string[]) => (relPath: string) => boolean;

/**
 * @throws AppError LINK_ESCAPES when the folder to start from lies outside the root, links resolved; FILE_NOT_FOUND when
 * no scan of the whole root would come to it under this name.
 */
export function openScan(
  fs: RawFileSystem,
  root: string,
  folder: string,
  isIgnored: (relPath: string) => boolean,
): ScanContext {
  const stat = fs.stat(root);
  if (stat.kind !== 'folder') throw new AppError('LOCATION_OFFLINE', `“${root}” is not a folder.`);
  const context = { fs, root, realRoot: fs.realPath(root), rootDevice: stat.device, isIgnored };
  if (
    folder !== '' &&
    relativeTo(context.realRoot, fs.realPath(absolutePath(context, folder)), separatorOf(fs)) === null
  ) {
    throw new AppError('LINK_ESCAPES', `“${folder}” leads outside this location and is not read.`);
  }
  if (folder !== '') requireReadFolder(context, folder);
  return context;
}

function separatorOf({ platform }: RawFileSystem): '/' | '\\' {
  return platform === 'win32' ? '\\' : '/';
}

/** Folders still to be read, newest first so that the list stays short on deep trees. */
export class FolderQueue {
  private readonly pending: PendingFolder[] = [];
  private readonly recursive: boolean;

  constructor(request: Pick<ScanRequest, 'folder' | 'recursive'>) {
    this.pending.push({ relPath: request.folder, throughLink: false });
    this.recursive = request.recursive;
  }

  get length(): number {
    return this.pending.length;
  }

  take(count: number): PendingFolder[] {
    return this.pending.splice(Math.max(0, this.pending.length - count), count);
  }

  add(scans: readonly FolderScan[]): void {
    if (!this.recursive) return;
    for (const scan of scans) this.pending.push(...scan.folders);
  }
}

export function toBatch(scans: readonly FolderScan[], foldersLeft: number): ScanBatch {
  let files = 0;
  let bytes = 0;
  for (const scan of scans) {
    files += scan.fileCount;
    bytes += scan.bytes;
  }
  return {
    folders: scans.map(({ relPath, files: packed, unclear }) => ({
      relPath,
      files: packed,
      ...(unclear.length > 0 ? { unclear } : {}),
    })),
    problems: scans.flatMap((scan) => scan.problems),
    files,
    bytes,
    foldersLeft,
  };
}

/** Is the root still the folder that the scan began with? A scan of anything else must not change the index. */
export function closeScan(context: ScanContext, rootFileId: bigint): ScanEnd {
  const stat = context.fs.stat(context.root);
  if (stat.kind !== 'folder' || stat.device !== context.rootDevice || stat.fileId !== rootFileId) {
    throw new AppError('LOCATION_OFFLINE', `“${context.root}” was replaced or unmounted while it was being read.`);
  }
  return probeCase(context.fs, context.root);
}

/** The whole scan on one thread, in batches of `batchSize` folders. */
export function* scanTree(
  context: ScanContext,
  request: Pick<ScanRequest, 'folder' | 'recursive'>,
  batchSize = 64,
): Generator<ScanBatch, ScanEnd, void> {
  const rootFileId = context.fs.stat(context.root).fileId;
  const queue = new FolderQueue(request);
  while (queue.length > 0) {
    const scans = queue.take(batchSize).map((folder) => scanFolder(context, folder));
    queue.add(scans);
    yield toBatch(scans, queue.length);
  }
  return closeScan(context, rootFileId);
}
