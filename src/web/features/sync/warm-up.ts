import type { QueryClient } from '@tanstack/react-query';
import { locationsQuery } from '../../api/queries.ts';
import { choosePair } from './choose-pair.ts';
import { pageQuery } from './diff-rows.ts';
import { parseSyncSearch, viewOf } from './sync-search.ts';
import { foldersQuery } from './use-folder-tree.ts';

/** Asks for the first rows while the page is still being built. A failure is met again, and shown, by the page. */
export async function warmUpSync(client: QueryClient, address: Record<string, unknown>): Promise<void> {
  const search = parseSyncSearch(address);
  const locations = await client.ensureQueryData(locationsQuery).catch(() => []);
  const pair = choosePair(locations, search);
  if (!pair || pair.a.index.scannedAtMs === null || pair.b.index.scannedAtMs === null) return;
  const ids = { a: pair.a.id, b: pair.b.id };
  void client.prefetchQuery(pageQuery(viewOf(search, ids, search.q ?? ''), 0));
  void client.prefetchQuery(foldersQuery(ids, ''));
}
