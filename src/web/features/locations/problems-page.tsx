import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, FolderPlus, RefreshCw, SearchX } from 'lucide-react';
import type { Problem } from '../../../contract/indexing.ts';
import { useRefreshIndex } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys, useLocations } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf, formatCount } from '../../ui/format.ts';
import { ProblemRow } from './problem-table.tsx';
import { causeOf, causesIn, matching } from './problem-words.ts';
import './problems.css';

export interface ProblemSearch {
  readonly location?: string;
  readonly cause?: string;
  readonly q?: string;
}

interface ProblemsPageProps {
  readonly search: ProblemSearch;
  readonly onSearchChange: (search: ProblemSearch) => void;
}

/** Chips count what is loaded; few libraries have more problems than this. */
const pageSize = 1_000;

function useProblems({ location }: ProblemSearch) {
  return useInfiniteQuery({
    queryKey: [...keys.problems, location ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.listProblems(
        { limit: pageSize, ...(location ? { location } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor,
    placeholderData: keepPreviousData,
  });
}

function withoutCause({ cause: _cause, ...rest }: ProblemSearch): ProblemSearch {
  return rest;
}

function LocationFilter({ search }: { readonly search: ProblemSearch }) {
  const locations = useLocations().data ?? [];
  const { location: _location, ...rest } = withoutCause(search);
  return (
    <nav aria-label="Location" className="flex flex-wrap gap-1">
      <Link to="/problems" search={rest} className="chip" data-pressed={search.location === undefined}>
        All
      </Link>
      {locations.map(({ id, name, index }) => (
        <Link
          key={id}
          to="/problems"
          search={{ ...rest, location: id }}
          className="chip"
          data-pressed={search.location === id}
        >
          {name} <span className="chip-count">{formatCount(index.problems)}</span>
        </Link>
      ))}
    </nav>
  );
}

function CauseFilter({ search, problems }: { readonly search: ProblemSearch; readonly problems: readonly Problem[] }) {
  const causes = causesIn(problems);
  if (causes.length < 2 && search.cause === undefined) return null;
  return (
    <nav aria-label="Cause" className="flex flex-wrap gap-1">
      <Link to="/problems" search={withoutCause(search)} className="chip" data-pressed={search.cause === undefined}>
        Any cause
      </Link>
      {causes.map(([code, count]) => (
        <Link
          key={code}
          to="/problems"
          search={{ ...search, cause: code }}
          className="chip"
          data-pressed={search.cause === code}
        >
          {causeOf(code)} <span className="chip-count">{formatCount(count)}</span>
        </Link>
      ))}
    </nav>
  );
}

function NoProblems() {
  const locations = useLocations().data ?? [];
  const refresh = useRefreshIndex();
  if (locations.length === 0) {
    return (
      <EmptyState
        icon={FolderPlus}
        title="No locations yet"
        action={
          <Link to="/first-run" className="button">
            Look on this machine
          </Link>
        }
      >
        What cannot be read in them shows here.
      </EmptyState>
    );
  }
  const isNew = locations.every(({ index }) => index.scannedAtMs === null);
  if (isNew) {
    return (
      <EmptyState
        icon={RefreshCw}
        title="Nothing was read yet"
        action={<Button onClick={() => refresh.mutate({})}>Refresh all</Button>}
      >
        Problems show here once your locations were read.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={CircleCheck} title="No problems">
      The last refresh could read every file and folder.
    </EmptyState>
  );
}

function ProblemList({ search, onSearchChange }: ProblemsPageProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useProblems(search);
  const locations = useLocations().data ?? [];
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <div className="panel h-24" aria-busy />;
  const loaded = data.pages.flatMap((page) => page.problems);
  const total = data.pages[0]?.total ?? 0;
  if (total === 0) return <NoProblems />;
  const ofCause = loaded.filter(({ code }) => search.cause === undefined || code === search.cause);
  const shown = matching(ofCause, search.q ?? '');
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <input
          type="search"
          className="input max-w-72"
          aria-label="Filter problems"
          placeholder="Filter by path or words"
          value={search.q ?? ''}
          onChange={({ target }) => {
            const { q: _q, ...rest } = search;
            onSearchChange(target.value === '' ? rest : { ...rest, q: target.value });
          }}
        />
        <CauseFilter search={search} problems={loaded} />
      </div>
      {shown.length === 0 ? (
        <EmptyState
          icon={SearchX}
          title="No problem fits this filter"
          action={<Button onClick={() => onSearchChange({})}>Show all</Button>}
        />
      ) : (
        <div className="panel overflow-x-auto">
          <table className="table problem-table">
            <thead>
              <tr>
                <th scope="col">Where, and cause</th>
                <th scope="col">{countOf(shown.length, 'problem')}: what happened, and what to do</th>
                <th scope="col">
                  <span className="sr-only">Open folder</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((problem) => (
                <ProblemRow
                  key={`${problem.location}/${problem.relPath}/${problem.code}/${problem.message}`}
                  problem={problem}
                  location={locations.find(({ id }) => id === problem.location)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <div>
          <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load more of {countOf(total, 'problem')}
          </Button>
        </div>
      )}
    </div>
  );
}

export function ProblemsPage(props: ProblemsPageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Problems</h1>
          <p className="page-intro">What the last refresh could not read. Everything else was read all the same.</p>
        </div>
        <LocationFilter search={props.search} />
      </header>
      <ProblemList {...props} />
    </div>
  );
}
