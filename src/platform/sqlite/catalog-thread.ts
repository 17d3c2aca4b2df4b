import { toAppError } from '../../core/errors/app-error.ts';
import type { StoredFolder } from '../../core/ports/catalog-store.ts';
import { CatalogDatabase } from './catalog-database.ts';
import type { FromCatalog, ToCatalog } from './catalog-protocol.ts';
import { catalogShape } from './catalog-schema.ts';
import { openCache } from './open-database.ts';

const foldersPerMessage = 512;

/** Runs the catalog in a thread of its own, so that no commit or checkpoint ever holds the program's event loop. */
export function serveCatalog(
  file: string,
  nowMs: number,
  say: (message: FromCatalog, transfer: ArrayBuffer[]) => void,
): (message: ToCatalog) => void {
  let catalog: CatalogDatabase;
  try {
    const { database, setAside } = openCache(file, catalogShape, nowMs);
    catalog = new CatalogDatabase(database);
    say({ type: 'opened', setAside }, []);
  } catch (thrown) {
    say({ type: 'unusable', error: toAppError(thrown).toBody().error }, []);
    return () => {};
  }
  let hasHashes = catalog.hasHashes();

  function load(id: number, location: string, root: string): void {
    let stored = catalog.loadLocation(location);
    if (stored === null || stored.root !== root) {
      catalog.forget(location);
      stored = null;
    }
    let folders: StoredFolder[] = [];
    const flush = (): void => {
      const buffers = folders.flatMap(({ files, hashes }) => (hashes ? [files.buffer, hashes.buffer] : [files.buffer]));
      say({ type: 'folders', id, folders }, buffers);
      folders = [];
    };
    for (const folder of catalog.loadFolders(location)) {
      folders.push(folder);
      if (folders.length >= foldersPerMessage) flush();
    }
    if (folders.length > 0) flush();
    say({ type: 'done', id, value: stored }, []);
  }

  function run(message: ToCatalog): void {
    switch (message.op) {
      case 'load':
        return load(message.id, message.location, message.root);
      case 'save-folders':
        catalog.saveFolders(message.location, message.folders, message.removed);
        break;
      case 'save-location':
        catalog.saveLocation(message.location, message.stored);
        break;
      case 'forget':
        catalog.forget(message.location);
        break;
      case 'remember':
        catalog.rememberHashes(message.records);
        hasHashes ||= message.records.length > 0;
        break;
      case 'recall': {
        const value = hasHashes ? catalog.recallHashes(message.keys) : message.keys.map(() => null);
        return say({ type: 'done', id: message.id, value }, []);
      }
      case 'has-hashes':
        return say({ type: 'done', id: message.id, value: hasHashes }, []);
      case 'close':
        catalog.close();
        break;
    }
    say({ type: 'done', id: message.id, value: null }, []);
  }

  return (message) => {
    try {
      run(message);
    } catch (thrown) {
      say({ type: 'failed', id: message.id, error: toAppError(thrown).toBody().error }, []);
    }
  };
}
