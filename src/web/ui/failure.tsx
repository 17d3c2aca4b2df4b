import { OctagonAlert, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

interface FailureProps {
  readonly failure: { readonly message: string; readonly hint?: string | undefined };
  readonly onRetry: () => void;
  /** Instead of trying again, where that would fail again. */
  readonly action?: ReactNode;
}

/** A part of the page that could not be loaded. */
export function Failure({ failure, onRetry, action }: FailureProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={OctagonAlert}
        title={failure.message}
        action={
          action ?? (
            <Button icon={RotateCw} onClick={onRetry}>
              Try again
            </Button>
          )
        }
      >
        {failure.hint}
      </EmptyState>
    </div>
  );
}
