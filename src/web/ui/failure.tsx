import { OctagonAlert, RotateCw } from 'lucide-react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

interface FailureProps {
  readonly failure: { readonly message: string; readonly hint?: string | undefined };
  readonly onRetry: () => void;
}

/** A part of the page that could not be loaded. */
export function Failure({ failure, onRetry }: FailureProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={OctagonAlert}
        title={failure.message}
        action={
          <Button icon={RotateCw} onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {failure.hint}
      </EmptyState>
    </div>
  );
}
