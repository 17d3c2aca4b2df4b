import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import type { Problem } from '../../../contract/indexing.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys, useLocations } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';

function useProblems(location: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...keys.problems, location ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.listProblems({ ...(location ? { location } : {}), ...(pageParam ? { cursor: pageParam } : {}) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor,
    placeholderData: keepPreviousData,
  });
}

function ProblemRow({ problem, place }: { readonly problem: Problem; readonly place: string }) {
  return (
    <tr>
      <td className="whitespace-nowrap">{place}</td>
      <td>
        <p className="mono">{problem.relPath === '' ? '(the location itself)' : visibleName(problem.relPath)}</p>
        <p>{problem.message}</p>
        {problem.hint && <p className="text-muted">{problem.hint}</p>}
      </td>
    </tr>
  );
}

function LocationFilter({ chosen }: { readonly chosen: string | undefined }) {
  const locations = useLocations().data ?? [];
  return (
    <nav aria-label="Location" className="flex flex-wrap gap-1">
      <Link to="/problems" search={{}} className="chip" data-pressed={chosen === undefined}>
        All
      </Link>
      {locations.map(({ id, name, index }) => (
        <Link key={id} to="/problems" search={{ location: id }} className="chip" data-pressed={chosen === id}>
          {name} <span className="chip-count">{index.problems}</span>
        </Link>
      ))}
    </nav>
  );
}

function ProblemTable({ location }: { readonly location: string | undefined }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useProblems(location);
  const names = new Map(useLocations().data?.map(({ id, name }) => [id, name]));
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <div className="panel h-24" aria-busy />;
  const problems = data.pages.flatMap((page) => page.problems);
  const total = data.pages[0]?.total ?? 0;
  if (total === 0) {
    return (
      <EmptyState icon={CircleCheck} title="No problems">
        The last refresh could read every file and folder.
      </EmptyState>
    );
  }
  return (
    <div className="panel overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Location</th>
            <th scope="col">{countOf(total, 'problem')}: what happened, and what to do</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <ProblemRow
              key={`${problem.location}/${problem.relPath}/${problem.code}`}
              problem={problem}
              place={names.get(problem.location) ?? problem.location}
            />
          ))}
        </tbody>
      </table>
      {hasNextPage && (
        <div className="border-t p-2">
          <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

export function ProblemsPage({ location }: { readonly location: string | undefined }) {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Problems</h1>
          <p className="page-intro">What the last refresh could not read. Everything else was read all the same.</p>
        </div>
        <LocationFilter chosen={location} />
      </header>
      <ProblemTable location={location} />
    </div>
  );
}
