import { fileURLToPath } from 'node:url';

/** Program file of a process or thread: beside the bundle, or in `entries/` when running from source. */
export function entryPath(
  name:
    | 'location-host'
    | 'io-thread'
    | 'transfer-host'
    | 'copy-thread'
    | 'block-hash-thread'
    | 'catalog-thread'
    | 'journal-thread'
    | 'hash-paths'
    | 'folder-looker',
): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSource ? `./entries/${name}.ts` : `./${name}.js`, import.meta.url));
}
