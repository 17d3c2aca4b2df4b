import '../api/no-eval.ts';
import '../ui/main.css';
import { createRoot } from 'react-dom/client';
import { access } from '../api/access.ts';
import { openSession, reopenOnNewToken } from '../api/session.ts';
import { startEvents } from '../api/start-events.ts';
import { Providers } from './providers.tsx';

async function start(root: HTMLElement): Promise<void> {
  reopenOnNewToken();
  const isLetIn = await openSession();
  if (isLetIn) startEvents();
  else access.refuse();
  createRoot(root).render(<Providers />);
}

const root = document.getElementById('root');
if (root) void start(root);
