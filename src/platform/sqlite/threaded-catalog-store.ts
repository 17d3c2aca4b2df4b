import { AppError } from '../../core/errors/app-error.ts';
import type {
  CatalogStore,
  HashRecord,
  StoredCount,
  StoredDuplicateScan,
  StoredFolder,
  StoredLocation,
} from '../../core/ports/catalog-store.ts';
import { takeThread } from '../processes/early-starts.ts';
import type { FromCatalog, OpenCatalog, ToCatalog } from './catalog-protocol.ts';
import { packFolders, unpackFolders } from './packed-folders.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly onFolders?: (folders: readonly StoredFolder[]) => void;
}

type Request = ToCatalog extends infer M ? (M extends { readonly id: number } ? Omit<M, 'id'> : never) : never;

export interface ThreadedCatalogStore extends CatalogStore {
  /** Resolves when the database is open: with the name under which an unusable older file was kept, or null. */
  readonly opened: Promise<string | null>;
}

/** Longest time that what the thread says is worked on before other messages get their turn. */
const turnMs = 5;

export interface ThreadedCatalogOptions {
  /** Program of the thread. */
  readonly entry: string;
  /** The database. */
  readonly file: string;
  readonly nowMs: number;
  /** Damage showed while the catalog was in use; it was put there and a new one begun. */
  readonly onSetAside: (path: string) => void;
}

/** `CatalogStore` in a thread. */
export function createThreadedCatalogStore({
  entry,
  file,
  nowMs,
  onSetAside,
}: ThreadedCatalogOptions): ThreadedCatalogStore {
  const worker = takeThread(entry);
  worker.postMessage({ op: 'open', file, nowMs } satisfies OpenCatalog);
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let unusable: AppError | null = null;
  const opened = Promise.withResolvers<string | null>();
  // Whoever awaits it gets the rejection; nobody awaiting it must not end the program.
  opened.promise.catch(() => {});

  function fail(error: AppError): void {
    unusable ??= error;
    opened.reject(unusable);
    for (const { reject } of pending.values()) reject(unusable);
    pending.clear();
  }

  worker.on('error', (thrown) => fail(ended(thrown)));
  worker.on('exit', () => fail(ended()));
  const arrived: FromCatalog[] = [];
  worker.on('message', (message: FromCatalog) => {
    arrived.push(message);
    if (arrived.length === 1) setImmediate(receiveSome);
  });

  /** A stored index comes as many messages in one turn of the event loop, and would hold it until the last. */
  function receiveSome(): void {
    const turnEnds = performance.now() + turnMs;
    do {
      const message = arrived.shift();
      if (message) receive(message);
    } while (arrived.length > 0 && performance.now() < turnEnds);
    if (arrived.length > 0) setImmediate(receiveSome);
  }

  function receive(message: FromCatalog): void {
    if (message.type === 'opened') {
      opened.resolve(message.setAside);
      if (pending.size === 0) worker.unref();
      return;
    }
    if (message.type === 'set-aside') return onSetAside(message.path);
    if (message.type === 'unusable') return fail(toError(message.error));
    const waiter = pending.get(message.id);
    if (!waiter) return;
    if (message.type === 'folders') return take(message.id, waiter, unpackFolders(message.folders));
    pending.delete(message.id);
    if (message.type === 'failed') waiter.reject(toError(message.error));
    else waiter.resolve(message.value);
    if (pending.size === 0) worker.unref();
  }

  /** What is stored may be of another version or damaged: that fails the load, not the program. */
  function take(id: number, { onFolders, reject }: Pending, folders: readonly StoredFolder[]): void {
    try {
      onFolders?.(folders);
    } catch (thrown) {
      pending.delete(id);
      reject(new AppError('DATABASE_CORRUPT', 'The catalog holds a folder that cannot be read.', { cause: thrown }));
    }
  }

  function ask<T>(request: Request, onFolders?: Pending['onFolders'], transfer: ArrayBuffer[] = []): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (unusable) return reject(unusable);
      const id = nextId;
      nextId += 1;
      pending.set(id, { resolve: resolve as (value: unknown) => void, reject, ...(onFolders ? { onFolders } : {}) });
      worker.ref();
      worker.postMessage({ ...request, id }, transfer);
    });
  }

  return {
    opened: opened.promise,
    count: (location, root) => ask<StoredCount | null>({ op: 'count', location, root }),
    load: (location, root, onFolders) => ask<StoredLocation | null>({ op: 'load', location, root }, onFolders),
    saveFolders(location, folders, removed) {
      const packed = packFolders(folders);
      return ask<void>({ op: 'save-folders', location, folders: packed, removed }, undefined, [packed.block.buffer]);
    },
    saveLocation: (location, stored) => ask<void>({ op: 'save-location', location, stored }),
    forget: (location) => ask<void>({ op: 'forget', location }),
    rememberHashes: (records) => ask<void>({ op: 'remember', records }),
    hasHashes: () => ask<boolean>({ op: 'has-hashes' }),
    recallHashes: (keys) => ask<readonly (HashRecord | null)[]>({ op: 'recall', keys }),
    saveDuplicateScan: (scan) => ask<void>({ op: 'save-scan', scan }),
    saveDuplicatePart: (scan, part, found) => ask<void>({ op: 'save-part', scan, part, found }),
    duplicateScans: () => ask<readonly StoredDuplicateScan[]>({ op: 'scans' }),
    duplicatePart: (scan, part) => ask<string | null>({ op: 'part', scan, part }),
    async close() {
      if (!unusable) await ask<void>({ op: 'close' });
      unusable ??= new AppError('CANCELLED', 'The catalog was closed.');
      await worker.terminate();
    },
  };
}

function ended(cause?: unknown): AppError {
  return new AppError('INTERNAL', 'The catalog thread ended unexpectedly.', { hint: 'Restart Weightroom.', cause });
}

function toError({
  code,
  message,
  hint,
}: {
  code: AppError['code'];
  message: string;
  hint?: string | undefined;
}): AppError {
  return new AppError(code, message, { hint });
}
