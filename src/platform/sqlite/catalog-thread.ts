import { AppError, toAppError } from '../../core/errors/app-error.ts';
import type { StoredCount, StoredFolder, StoredLocation, TotalsOf } from '../../core/ports/catalog-store.ts';
import { threadToBackground } from '../processes/background.ts';
import { CatalogDatabase } from './catalog-database.ts';
import type { FromCatalog, OpenCatalog, ToCatalog } from './catalog-protocol.ts';
import { catalogShape } from './catalog-schema.ts';
import { databaseError, openCache, putAside } from './open-database.ts';
import { type PackedFolders, packFolders, unpackFolders } from './packed-folders.ts';

const foldersPerMessage = 512;

type Say = (message: FromCatalog, transfer: ArrayBuffer[]) => void;

/** Runs the catalog in a thread of its own, so that no commit or checkpoint ever holds the program's event loop. */
export function serveCatalog({ file, nowMs }: OpenCatalog, totalsOf: TotalsOf, say: Say): (message: ToCatalog) => void {
  threadToBackground();
  const shape = catalogShape(totalsOf);
  const open = (lost: ReadonlySet<string>) => {
    const { database, setAside } = openCache(file, shape, nowMs);
    return { served: new ServedCatalog(new CatalogDatabase(database, totalsOf), say, lost), setAside };
  };
  let served: ServedCatalog;
  try {
    const opened = open(new Set());
    served = opened.served;
    say({ type: 'opened', setAside: opened.setAside }, []);
  } catch (thrown) {
    say({ type: 'unusable', error: toAppError(thrown).toBody().error }, []);
    return () => {};
  }

  function beginAnew(): void {
    served.catalog.close();
    say({ type: 'set-aside', path: putAside(file, 'damaged', nowMs) }, []);
    served = open(served.heldByProgram()).served;
  }

  function answer(message: ToCatalog): void {
    try {
      served.run(message);
    } catch (thrown) {
      const error = databaseError(thrown, file, shape.title);
      if (!(error instanceof AppError) || error.code !== 'DATABASE_CORRUPT') throw error;
      beginAnew();
      served.run(message);
    }
  }

  return (message) => {
    try {
      answer(message);
    } catch (thrown) {
      say({ type: 'failed', id: message.id, error: toAppError(thrown).toBody().error }, []);
    }
  };
}

class ServedCatalog {
  readonly catalog: CatalogDatabase;
  private readonly loaded = new Set<string>();
  /**
   * Locations whose rows went with a damaged catalog. The program holds them in full and only stores changes, so what
   * it stores would be a part that looks like the whole: it is dropped, and the next start reads them anew.
   */
  private readonly lost: Set<string>;
  private readonly say: Say;
  private hasHashes: boolean | null = null;

  constructor(catalog: CatalogDatabase, say: Say, lost: ReadonlySet<string>) {
    this.catalog = catalog;
    this.say = say;
    this.lost = new Set(lost);
  }

  run(message: ToCatalog): void {
    const done = (value: Extract<FromCatalog, { type: 'done' }>['value']): void =>
      this.say({ type: 'done', id: message.id, value }, []);
    switch (message.op) {
      case 'count':
        return done(this.count(message));
      case 'load':
        return this.load(message);
      case 'recall':
        return done(this.mayHaveHashes() ? this.catalog.recallHashes(message.keys) : message.keys.map(() => null));
      case 'has-hashes':
        return done(this.mayHaveHashes());
      case 'save-folders':
        if (!this.lost.has(message.location))
          this.catalog.saveFolders(message.location, unpackFolders(message.folders), message.removed);
        return done(null);
      case 'save-location':
        if (!this.lost.has(message.location)) this.catalog.saveLocation(message.location, message.stored);
        return done(null);
      case 'forget':
        this.catalog.forget(message.location);
        return done(null);
      case 'remember':
        this.catalog.rememberHashes(message.records);
        this.hasHashes ||= message.records.length > 0;
        return done(null);
      case 'save-scan':
        this.catalog.duplicates.saveScan(message.scan);
        return done(null);
      case 'save-part':
        this.catalog.duplicates.savePart(message.scan, message.part, message.found);
        return done(null);
      case 'scans':
        return done(this.catalog.duplicates.scans());
      case 'part':
        return done(this.catalog.duplicates.part(message.scan, message.part));
      case 'close':
        this.catalog.close();
        return done(null);
    }
  }

  private count({ location, root }: Extract<ToCatalog, { op: 'count' }>): StoredCount | null {
    const stored = this.storedOf(location, root);
    return stored && { stored, totals: this.catalog.countFolders(location) };
  }

  /** What is stored of another root is dropped, and so are folders of a refresh that never ended. */
  private storedOf(location: string, root: string): StoredLocation | null {
    const stored = this.catalog.loadLocation(location);
    if (stored?.root === root) return stored;
    this.catalog.forget(location);
    return null;
  }

  private load({ id, location, root }: Extract<ToCatalog, { op: 'load' }>): void {
    const stored = this.storedOf(location, root);
    // All of them before the first is sent: damage must not leave the program with a part.
    for (const folders of [...this.inBlocks(location)])
      this.say({ type: 'folders', id, folders }, [folders.block.buffer]);
    this.loaded.add(location);
    this.lost.delete(location);
    this.say({ type: 'done', id, value: stored }, []);
  }

  private *inBlocks(location: string): Generator<PackedFolders> {
    let some: StoredFolder[] = [];
    for (const folder of this.catalog.loadFolders(location)) {
      some.push(folder);
      if (some.length < foldersPerMessage) continue;
      yield packFolders(some);
      some = [];
    }
    if (some.length > 0) yield packFolders(some);
  }

  heldByProgram(): ReadonlySet<string> {
    return new Set([...this.loaded, ...this.lost]);
  }

  private mayHaveHashes(): boolean {
    this.hasHashes ??= this.catalog.hasHashes();
    return this.hasHashes;
  }
}
