import '../api/no-eval.ts';
import '../ui/main.css';
import { createRoot } from 'react-dom/client';
import { access } from '../api/access.ts';
import { queryClient } from '../api/query-client.ts';
import { openSession, reopenOnNewToken } from '../api/session.ts';
import { startEvents } from '../api/start-events.ts';
import { warmUpSync } from '../features/sync/warm-up.ts';
import { Providers } from './providers.tsx';
import { parseSearch } from './search-text.ts';

async function start(root: HTMLElement): Promise<void> {
  reopenOnNewToken();
  const isLetIn = await openSession();
  if (isLetIn) {
    if (['/', '/sync'].includes(window.location.pathname)) {
      void warmUpSync(queryClient, parseSearch(window.location.search));
    }
    startEvents();
  } else {
    access.refuse();
  }
  createRoot(root).render(<Providers />);
}

const root = document.getElementById('root');
if (root) void start(root);
