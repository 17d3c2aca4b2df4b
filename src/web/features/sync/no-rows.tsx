import { CircleCheck, FilterX, RefreshCw, SearchX } from 'lucide-react';
import { useRefreshIndex } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { useScan } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf } from '../../ui/format.ts';
import type { Pair } from './choose-pair.ts';
import type { DiffView, Show } from './diff-view.ts';

function Reading({ pair }: { readonly pair: Pair }) {
  const a = useScan(pair.a)?.files ?? pair.a.index.files;
  const b = useScan(pair.b)?.files ?? pair.b.index.files;
  return (
    <EmptyState icon={RefreshCw} title={`Reading ${pair.a.name} and ${pair.b.name}`}>
      {countOf(a, 'file')} on {pair.a.name} and {countOf(b, 'file')} on {pair.b.name} so far. Rows appear as soon as
      both are known; nothing is changed.
    </EmptyState>
  );
}

/** A side whose files are not known yet: comparing would call everything on the other side missing. */
export function NotIndexed({ pair }: { readonly pair: Pair }) {
  const refresh = useRefreshIndex();
  if (pair.a.index.refreshing || pair.b.index.refreshing) return <Reading pair={pair} />;
  const missing = [pair.a, pair.b].filter((location) => location.index.scannedAtMs === null);
  const refreshMissing = () => {
    for (const { id } of missing) refresh.mutate({ location: id });
  };
  const names = missing.map(({ name }) => name).join(' and ');
  return (
    <EmptyState
      icon={RefreshCw}
      title={`${names} ${missing.length === 1 ? 'is' : 'are'} not indexed yet`}
      action={
        <Button tone="primary" icon={RefreshCw} isBusy={refresh.isPending} onClick={refreshMissing}>
          Refresh {names}
        </Button>
      }
    >
      A refresh reads names, sizes and times. It never changes a file.
    </EmptyState>
  );
}

interface ListFailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onClearSearch: () => void;
}

/** A filter that is not understood is not understood the second time either. */
export function ListFailure({ error, onRetry, onClearSearch }: ListFailureProps) {
  const failure = toApiError(error);
  const action = failure.code === 'INVALID_INPUT' && <Button onClick={onClearSearch}>Clear search</Button>;
  return <Failure failure={failure} onRetry={onRetry} action={action || undefined} />;
}

interface NoRowsProps {
  readonly view: DiffView;
  readonly pair: Pair;
  readonly filesInFolder: number;
  readonly onShow: (show: Show) => void;
  readonly onClearSearch: () => void;
  readonly onLeaveFolder: () => void;
}

/** The list is empty: because of the search, because nothing differs, or because of the filter. */
export function NoRows({ view, pair, filesInFolder, onShow, onClearSearch, onLeaveFolder }: NoRowsProps) {
  const place = view.folder === '' ? '' : ` in ${view.folder}`;
  if (view.query !== '') {
    const isNarrowed = view.show.kind !== 'all' && filesInFolder > 0;
    return (
      <EmptyState
        icon={SearchX}
        title={`Nothing matches “${view.query}”${place}`}
        action={
          isNarrowed ? (
            <Button onClick={() => onShow({ kind: 'all' })}>Search all {countOf(filesInFolder, 'file')}</Button>
          ) : (
            <Button onClick={onClearSearch}>Clear search</Button>
          )
        }
      >
        {isNarrowed ? 'Only files in the chosen states were searched.' : 'Try fewer or other words.'}
      </EmptyState>
    );
  }
  if (filesInFolder === 0) {
    const leave = view.folder === '' ? undefined : <Button onClick={onLeaveFolder}>Show all folders</Button>;
    return (
      <EmptyState
        icon={FilterX}
        title={view.folder === '' ? 'Both sides are empty' : `No files${place}`}
        action={leave}
      />
    );
  }
  if (view.show.kind === 'differences') {
    return (
      <EmptyState
        icon={CircleCheck}
        title={`No differences${place}`}
        action={<Button onClick={() => onShow({ kind: 'all' })}>Show all {countOf(filesInFolder, 'file')}</Button>}
      >
        {pair.a.name} and {pair.b.name} hold the same files{place}, as of their last refresh.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={FilterX}
      title={`No files in this state${place}`}
      action={<Button onClick={() => onShow({ kind: 'differences' })}>Show differences</Button>}
    />
  );
}
