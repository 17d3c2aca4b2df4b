import { Link } from '@tanstack/react-router';
import { FolderPlus } from 'lucide-react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { toApiError } from '../../api/api-error.ts';
import { useLocations } from '../../api/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { ScanForm } from './scan-form.tsx';
import { ScanList } from './scan-list.tsx';

interface StartPageProps {
  readonly onStarted: (scan: DedupeScan) => void;
}

function Start({ onStarted }: StartPageProps) {
  const { data: locations, error, refetch } = useLocations();
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!locations) return <div className="panel h-24" aria-busy />;
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
        Add the folder where your models are; then duplicates in it can be found.
      </EmptyState>
    );
  }
  return (
    <>
      <ScanForm locations={locations} onStarted={onStarted} />
      <ScanList />
    </>
  );
}

export function StartPage(props: StartPageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Duplicates</h1>
          <p className="page-intro">
            Files of equal content, proven by the BLAKE3 hash of all their bytes. Looking changes nothing; you decide
            what stays, see the sum, and confirm it.
          </p>
        </div>
      </header>
      <Start {...props} />
    </div>
  );
}
