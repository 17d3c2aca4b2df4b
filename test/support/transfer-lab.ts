import { createHash } from 'node:crypto';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { ChangingFileSystem } from '../../src/core/ports/changing-file-system.ts';
import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import type {
  CopyOrder,
  DeleteOrder,
  ExpectedFile,
  FilePlace,
  RestoreOrder,
  TransferOrder,
  TransferReport,
} from '../../src/core/ports/transfer-files.ts';
import { carryOutOrders } from '../../src/core/transfers/carry-out-orders.ts';
import { createDirectBlockHasher } from '../../src/core/transfers/direct-block-hasher.ts';
import type { TransferContext } from '../../src/core/transfers/transfer-context.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';

export const hashers = await loadHashers();

/** Small, so that a few bytes are many calls. */
export const blockBytes = 1_000;

export const localRoot = '/local/models';
export const lakeRoot = '/lake/models';

export interface Lab {
  readonly memory: MemoryFileSystem;
  readonly faulty: FaultyFileSystem;
}

/** Two drives, each with a location below its root; `together`: both locations on one drive. */
export function createLab({
  local = {},
  lake = {},
  together = false,
}: {
  readonly local?: MemoryVolumeOptions;
  readonly lake?: MemoryVolumeOptions;
  readonly together?: boolean;
} = {}): Lab {
  const memory = new MemoryFileSystem({ volume: together ? local : {} });
  if (!together) {
    memory.mount('/local', local);
    memory.mount('/lake', lake);
  }
  memory.folder(localRoot);
  memory.folder(lakeRoot);
  return { memory, faulty: new FaultyFileSystem(memory) };
}

export const inLocal = (relPath: string): FilePlace => ({ location: 'local', root: localRoot, relPath });
export const inLake = (relPath: string): FilePlace => ({ location: 'lake', root: lakeRoot, relPath });
export const pathOf = ({ root, relPath }: FilePlace): string => `${root}/${relPath}`;

export function factsOf(fs: RawFileSystem, place: FilePlace): ExpectedFile {
  const { size, mtimeNs, fileId } = fs.stat(pathOf(place));
  return { size, mtimeNs, fileId };
}

export function blake3Of(fs: RawFileSystem, path: string): Uint8Array<ArrayBuffer> {
  const hasher = hashers.blake3();
  hasher.update(bytesOf(fs, path));
  return hasher.digest();
}

let orders = 0;

/** A copy from local to the same place in the lake, as the index would plan it now. */
export function copyOf(fs: RawFileSystem, relPath: string, options: Partial<CopyOrder> = {}): CopyOrder {
  const from = options.from ?? inLocal(relPath);
  orders += 1;
  return {
    op: 'copy',
    n: orders,
    from,
    to: inLake(relPath),
    expected: options.expected ?? factsOf(fs, from),
    blake3: null,
    verify: 'source',
    tag: 'task1234',
    isResumed: false,
    ...options,
  };
}

export function deleteOf(fs: RawFileSystem, relPath: string, options: Partial<DeleteOrder> = {}): DeleteOrder {
  const at = options.at ?? inLocal(relPath);
  orders += 1;
  return {
    op: 'delete',
    n: orders,
    at,
    expected: options.expected ?? factsOf(fs, at),
    stage: null,
    isResumed: false,
    ...options,
  };
}

export function restoreOf(fs: RawFileSystem, from: string, to: string): RestoreOrder {
  orders += 1;
  return {
    op: 'restore',
    n: orders,
    from: inLocal(from),
    to: inLocal(to),
    expected: factsOf(fs, inLocal(from)),
  };
}

export const stageIn = (name: string) => ({ folder: '.weightroom-undo/task1234', name });
export const stagedPath = (name: string): string => `.weightroom-undo/task1234/${name}`;

export interface Outcome {
  readonly reports: readonly TransferReport[];
  /** What ended the whole run. */
  readonly thrown: unknown;
  /** Code of the failure, or way of the success, by number of the order; missing: no final report. */
  readonly ends: ReadonlyMap<number, string>;
}

export interface RunOptions {
  /** Most orders that share their waits. */
  readonly together?: number;
  /** Others make copies of the same run meanwhile. */
  readonly isBeside?: boolean;
  readonly breathe?: () => void;
  readonly more?: () => readonly TransferOrder[];
  readonly onReport?: (report: TransferReport) => void;
}

export function run(fs: ChangingFileSystem, given: readonly TransferOrder[], options: RunOptions = {}): Outcome {
  const reports: TransferReport[] = [];
  let thrown: unknown = null;
  try {
    const context: TransferContext = {
      fs,
      blocks: createDirectBlockHasher(hashers, blockBytes),
      isBeside: options.isBeside ?? false,
      touch: () => {},
      breathe: options.breathe ?? (() => {}),
      report: (report) => {
        reports.push(report);
        options.onReport?.(report);
      },
    };
    carryOutOrders(given, context, options);
  } catch (caught) {
    thrown = caught;
  }
  const ends = new Map<number, string>();
  for (const report of reports) {
    if (report.type === 'done') ends.set(report.n, report.way);
    if (report.type === 'failed') ends.set(report.n, report.code);
  }
  return { reports, thrown, ends };
}

/** How one order ended; what stopped the run is thrown. */
export function endOf(fs: ChangingFileSystem, order: TransferOrder, options: RunOptions = {}): string {
  const { ends, thrown } = run(fs, [order], options);
  if (thrown !== null) throw thrown;
  return ends.get(order.n) ?? 'no report';
}

export const codeOf = (thrown: unknown): string => (thrown instanceof AppError ? thrown.code : String(thrown));

/** The same order in a second attempt. */
export function again(order: TransferOrder): TransferOrder {
  return order.op === 'tidy' ? order : { ...order, isResumed: true };
}

export function bytesOf(fs: RawFileSystem, path: string): Uint8Array {
  const file = fs.openRead(path);
  try {
    const bytes = new Uint8Array(file.stat().size);
    for (let done = 0; done < bytes.length; ) done += file.read(bytes.subarray(done), done);
    return bytes;
  } finally {
    file.close();
  }
}

/** Everything below a folder, as an oracle sees it: relPath → content, or what else it is. */
export function contentsOf(fs: RawFileSystem, root: string, below = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, kind } of fs.list(below === '' ? root : `${root}/${below}`)) {
    const relPath = below === '' ? name : `${below}/${name}`;
    if (kind === 'folder') for (const [path, content] of contentsOf(fs, root, relPath)) found.set(path, content);
    else if (kind === 'file') found.set(relPath, digestOf(bytesOf(fs, `${root}/${relPath}`)));
    else found.set(relPath, kind);
  }
  return found;
}

export function foldersOf(fs: RawFileSystem, root: string, below = ''): string[] {
  return fs.list(below === '' ? root : `${root}/${below}`).flatMap(({ name, kind }) => {
    if (kind !== 'folder') return [];
    const relPath = below === '' ? name : `${below}/${name}`;
    return [relPath, ...foldersOf(fs, root, relPath)];
  });
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

export const isPart = (relPath: string): boolean => /(^|\/)\..*\.part$/.test(relPath);
