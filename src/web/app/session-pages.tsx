import { KeyRound } from 'lucide-react';
import { EmptyState } from '../ui/empty-state.tsx';

/** Shown when the server does not know this browser. */
export function RefusedPage() {
  return (
    <main className="grid min-h-full place-items-center">
      <EmptyState isPage icon={KeyRound} title="Open the address that Weightroom printed">
        This page carries no valid key, so the program does not show your files here. Look at the terminal where{' '}
        <code className="mono">weightroom serve</code> runs, and open the whole address it printed, including the part
        after <code className="mono">#</code>. Each start of the program may print a new one.
      </EmptyState>
    </main>
  );
}
