import { categoryOf, extensionOf } from '../paths/rel-path-parts.ts';
import { hashKnown, hashStateAt } from './folder-hashes.ts';
import type { FilePosition } from './location-index.ts';
import type { SearchFilter } from './search-query.ts';

/** Filters that look at one file; `state` needs a row of two and is asked elsewhere. */
export function passesFilters(location: string, file: FilePosition, filters: readonly SearchFilter[]): boolean {
  for (const filter of filters) if (!passes(location, file, filter)) return false;
  return true;
}

function passes(location: string, { folder, i }: FilePosition, filter: SearchFilter): boolean {
  switch (filter.kind) {
    case 'extension':
      return filter.extensions.some((extension) => hasExtension(folder.files.searchNames()[i] ?? '', extension));
    case 'size': {
      const size = folder.files.size(i);
      return size >= filter.min && size <= filter.max;
    }
    case 'modified': {
      const at = folder.files.mtimeMs(i);
      return at >= filter.after && at <= filter.before;
    }
    case 'category':
      return filter.categories.includes(categoryOf(`${folder.relPath}/`).toLowerCase());
    case 'location':
      return filter.locations.includes(location);
    case 'hash':
      return (hashStateAt(folder.hashes, i) === hashKnown) === filter.known;
    case 'state':
      return true;
  }
}

/** The end of the name rules most out before the rules for double extensions are asked. */
function hasExtension(name: string, extension: string): boolean {
  return name.endsWith(extension) && extensionOf(name) === extension;
}
