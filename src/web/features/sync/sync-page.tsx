import { FolderPlus } from 'lucide-react';
import { type ComponentType, type ReactNode, useEffect } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { toApiError } from '../../api/api-error.ts';
import { useLocations } from '../../api/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { preferenceNow, setPreference } from '../../ui/preferences.ts';
import { choosePair } from './choose-pair.ts';
import { CompareView } from './compare-view.tsx';
import type { SearchChange, SyncSearch } from './sync-search.ts';
import './sync.css';

interface SyncPageProps {
  readonly search: SyncSearch;
  readonly onSearchChange: SearchChange;
  /** Parts of the locations feature, given by the router: features do not import each other. */
  readonly addLocation: ReactNode;
  readonly LocationNotice: ComponentType<{ location: Location }>;
}

/** What to ask for first at the next visit, before the locations are known; null: not to ask. */
function useRememberPair(ids: { readonly a: string; readonly b: string } | null | undefined): void {
  useEffect(() => {
    const known = preferenceNow('lastPair');
    if (ids !== undefined && (known?.a !== ids?.a || known?.b !== ids?.b)) setPreference('lastPair', ids);
  });
}

function idsToRemember(locations: readonly Location[] | undefined, search: SyncSearch) {
  if (!locations || search.a !== undefined || search.b !== undefined) return undefined;
  const pair = choosePair(locations, {});
  return pair && pair.a.index.scannedAtMs !== null && pair.b.index.scannedAtMs !== null
    ? { a: pair.a.id, b: pair.b.id }
    : null;
}

export function SyncPage({ search, onSearchChange, addLocation, LocationNotice }: SyncPageProps) {
  const { data: locations, error, refetch } = useLocations();
  useRememberPair(idsToRemember(locations, search));
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!locations) return <div aria-busy className="h-full" />;
  const pair = choosePair(locations, search);
  if (!pair) {
    const known = locations[0];
    return (
      <EmptyState
        isPage
        icon={FolderPlus}
        title={known ? `Add a second location to compare ${known.name} with` : 'Where are your models?'}
        action={addLocation}
      >
        {known
          ? 'A share, another disk or another folder that holds models.'
          : 'Add the folder you use and the one you keep everything in; then see at once how they differ.'}
      </EmptyState>
    );
  }
  return (
    <CompareView
      key={`${pair.a.id}/${pair.b.id}`}
      pair={pair}
      locations={locations}
      search={search}
      onSearchChange={onSearchChange}
      notices={
        <>
          <LocationNotice location={pair.a} />
          <LocationNotice location={pair.b} />
        </>
      }
    />
  );
}
