import { categoryOf, extensionOf, mayBeDouble } from '../paths/rel-path-parts.ts';
import { hashKnown, hashStateAt } from './folder-hashes.ts';
import type { FilePosition, IndexedFolder } from './location-index.ts';
import type { SearchFilter } from './search-query.ts';

/** Filters that look at one file; `state` needs a row of two and is asked elsewhere. */
export function passesFilters(location: string, file: FilePosition, filters: readonly SearchFilter[]): boolean {
  for (const filter of filters) if (!passes(location, file, filter)) return false;
  return true;
}

export function folderCategory(relPath: string): string {
  return categoryOf(`${relPath}/`).toLowerCase();
}

function hasAnyExtension(name: string, extensions: readonly string[]): boolean {
  for (const extension of extensions) if (hasExtension(name, extension)) return true;
  return false;
}

function passes(location: string, { folder, i }: FilePosition, filter: SearchFilter): boolean {
  switch (filter.kind) {
    case 'extension':
      return hasAnyExtension(folder.files.searchNames()[i] ?? '', filter.extensions);
    case 'size': {
      const size = folder.files.size(i);
      return size >= filter.min && size <= filter.max;
    }
    case 'modified': {
      const at = folder.files.mtimeMs(i);
      return at >= filter.after && at <= filter.before;
    }
    case 'category':
      return filter.categories.includes(categoryOfFolder(folder));
    case 'location':
      return filter.locations.includes(location);
    case 'hash':
      return (hashStateAt(folder.hashes, i) === hashKnown) === filter.known;
    case 'state':
      return true;
  }
}

let latest: { readonly folder: IndexedFolder; readonly category: string } | null = null;

/** Files are asked folder by folder, and a folder's files all lie in one category. */
function categoryOfFolder(folder: IndexedFolder): string {
  if (latest?.folder !== folder) latest = { folder, category: folderCategory(folder.relPath) };
  return latest.category;
}

/** Only an extension that may be half of a double one needs a closer look. */
function hasExtension(name: string, extension: string): boolean {
  if (!name.endsWith(extension)) return false;
  return isSimple(extension) ? name.length > extension.length : extensionOf(name) === extension;
}

function isSimple(extension: string): boolean {
  return extension.lastIndexOf('.') === 0 && extension.length > 1 && !mayBeDouble.has(extension);
}
