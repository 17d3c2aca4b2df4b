import type { QueryClient } from '@tanstack/react-query';
import { locationsQuery } from '../../api/queries.ts';
import { preferenceNow } from '../../ui/preferences.ts';
import { choosePair } from './choose-pair.ts';
import { pageQuery } from './diff-rows.ts';
import { layoutOf, parseSyncSearch, type SyncSearch, viewOf } from './sync-search.ts';
import { foldersQuery } from './use-folder-tree.ts';

interface Ids {
  readonly a: string;
  readonly b: string;
}

function ask(client: QueryClient, search: SyncSearch, pair: Ids): Promise<unknown> {
  const isPanes = layoutOf(search, preferenceNow('rowLayout')) === 'panes';
  const views = (isPanes ? (['a', 'b'] as const) : [null]).map((side) =>
    viewOf(search, { pair, side, query: search.q ?? '' }),
  );
  return Promise.all([
    ...views.map((view) => client.prefetchQuery(pageQuery(view, 0))),
    client.prefetchQuery(foldersQuery(pair, '')),
  ]);
}

/**
 * Asks for the first rows while the page is still being built: at once for the pair that was shown last, else as soon
 * as the locations are known. A failure is met again, and shown, by the page. Settles when all answers are there.
 */
export async function warmUpSync(client: QueryClient, address: Record<string, unknown>): Promise<void> {
  const search = parseSyncSearch(address);
  const last = preferenceNow('lastPair');
  const isLast = last !== null && (search.a ?? last.a) === last.a && (search.b ?? last.b) === last.b;
  const asked = isLast ? ask(client, search, last) : undefined;
  const locations = await client.ensureQueryData(locationsQuery).catch(() => []);
  const pair = choosePair(locations, search);
  if (asked) await asked;
  else if (pair && pair.a.index.scannedAtMs !== null && pair.b.index.scannedAtMs !== null) {
    await ask(client, search, { a: pair.a.id, b: pair.b.id });
  }
}
