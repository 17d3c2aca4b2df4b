import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { toApiError } from '../api/api-error.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/failure.tsx';

export function NotFoundPage() {
  return (
    <EmptyState
      isPage
      icon={Compass}
      title="There is no such page"
      action={
        <Link to="/sync" className="link">
          Go to Sync
        </Link>
      }
    />
  );
}

export function PageFailure({ error, reset }: ErrorComponentProps) {
  return <Failure failure={toApiError(error)} onRetry={reset} />;
}
