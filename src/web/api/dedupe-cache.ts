import type { QueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { DedupeScan, dedupeEndpoints } from '../../contract/dedupe.ts';
import { keys } from './queries.ts';

type Results = z.infer<typeof dedupeEndpoints.duplicates.output>;

/** A scan for duplicates moved on. */
export function applyScan(client: QueryClient, scan: DedupeScan): void {
  client.setQueryData<Results>(
    keys.dedupeScan(scan.scanId),
    (known) => known && { ...known, scan, total: scan.summary.groups },
  );
  client.setQueryData<DedupeScan[]>(keys.dedupeScans, (known) =>
    known?.map((one) => (one.scanId === scan.scanId ? scan : one)),
  );
}

/** It ended: its groups are in their final order. */
export function applyEndOfScan(client: QueryClient, scan: DedupeScan): void {
  applyScan(client, scan);
  void client.invalidateQueries({ queryKey: keys.dedupe });
}
