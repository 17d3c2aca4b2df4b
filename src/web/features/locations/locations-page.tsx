import { FolderPlus } from 'lucide-react';
import { useState } from 'react';
import { toApiError } from '../../api/api-error.ts';
import { useLocations } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { AddLocationForm } from './add-location-form.tsx';
import { Begin } from './begin.tsx';
import { LocationCard } from './location-card.tsx';

function LocationList() {
  const { data: locations, error, refetch } = useLocations();
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!locations) return <div className="panel h-24" aria-busy />;
  if (locations.length === 0) {
    return (
      <EmptyState icon={FolderPlus} title="No locations yet" action={<Begin />}>
        Add the folder where your models are. Adding a second one lets you compare them.
      </EmptyState>
    );
  }
  return (
    <ul className="grid gap-3">
      {locations.map((location) => (
        <LocationCard key={location.id} location={location} />
      ))}
    </ul>
  );
}

export function LocationsPage() {
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Locations</h1>
          <p className="page-intro">
            Folders that hold models. Adding, renaming or removing one never touches its files.
          </p>
        </div>
        <Button tone="primary" icon={FolderPlus} onClick={() => setAdding(true)}>
          Add location
        </Button>
      </header>
      <LocationList />
      <Dialog isOpen={isAdding} onClose={() => setAdding(false)} title="Add a location">
        <div className="mt-3">
          <AddLocationForm onAdded={() => setAdding(false)} />
        </div>
      </Dialog>
    </div>
  );
}
