import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { DedupeGroup, DedupeRule, DedupeScan, dedupeEndpoints } from '../../../contract/dedupe.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import type { Proposal } from './verdict.ts';

/** While a scan runs, the list of its groups is asked for again now and then. */
const streamMs = 2_000;
const groupsPerPage = 200;
const proposalsPerPage = 50;

export type Hints = z.infer<typeof dedupeEndpoints.duplicateHints.output>;

/** Events keep the list and the scan up to date while they run. */
export function useScans() {
  return useQuery({
    queryKey: keys.dedupeScans,
    queryFn: async ({ signal }) => (await api.duplicateScans({}, { signal })).scans,
    refetchOnMount: 'always',
  });
}

export function useScan(scanId: string) {
  return useQuery({
    queryKey: keys.dedupeScan(scanId),
    queryFn: ({ signal }) => api.duplicates({ scanId, limit: 0 }, { signal }),
    refetchOnMount: 'always',
  });
}

/** Another state of the scan, other groups: those of a running one still move. */
function pageQuery(scan: Pick<DedupeScan, 'scanId' | 'state'>, page: number) {
  return queryOptions({
    queryKey: [...keys.dedupe, 'groups', scan.scanId, scan.state, page],
    queryFn: async ({ signal }) => {
      const cursor = page === 0 ? {} : { cursor: String(page * groupsPerPage) };
      return (await api.duplicates({ scanId: scan.scanId, limit: groupsPerPage, ...cursor }, { signal })).groups;
    },
    refetchInterval: scan.state === 'running' ? streamMs : false,
    gcTime: 120_000,
  });
}

/** The groups that are asked for by number, wherever in the list they are. */
export function useGroups(scan: Pick<DedupeScan, 'scanId' | 'state'>, wanted: readonly number[]) {
  const pages = [...new Set(wanted.map((group) => Math.floor(group / groupsPerPage)))];
  const answers = useQueries({ queries: pages.map((page) => pageQuery(scan, page)) });
  const byPage = new Map(pages.map((page, place) => [page, answers[place]?.data]));
  const failed = answers.find(({ error }) => error);
  return {
    groupAt: (group: number): DedupeGroup | undefined =>
      byPage.get(Math.floor(group / groupsPerPage))?.[group % groupsPerPage],
    error: failed?.error ?? null,
    retry: () => {
      for (const answer of answers) if (answer.error) void answer.refetch();
    },
  };
}

interface ProposalOptions {
  readonly scanId: string;
  readonly rules: readonly DedupeRule[];
  readonly group: number;
  readonly total: number;
}

/**
 * What the rules would keep of a group; asked for with its neighbours, so that going on shows it at once. What other
 * rules would keep is never shown meanwhile: a person would take it for the answer, and accept it.
 */
export function useProposal({ scanId, rules, group, total }: ProposalOptions): Proposal {
  const first = Math.floor(group / proposalsPerPage) * proposalsPerPage;
  const count = Math.min(proposalsPerPage, total - first);
  const { data, isLoading } = useQuery({
    queryKey: [...keys.dedupe, 'keepers', scanId, rules, first],
    queryFn: ({ signal }) =>
      api.proposeKeepers(
        { scanId, rules: [...rules], groups: Array.from({ length: count }, (_, offset) => first + offset) },
        { signal },
      ),
    enabled: rules.length > 0 && count > 0,
    gcTime: 60_000,
  });
  if (isLoading) return 'asked';
  return data?.keepers.find((one) => one.group === group)?.keep ?? 'none';
}

export function useHints(scanId: string) {
  return useQuery({
    queryKey: [...keys.dedupe, 'hints', scanId],
    queryFn: ({ signal }) => api.duplicateHints({ scanId, limit: 1000 }, { signal }),
  });
}
