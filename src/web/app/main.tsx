import '../ui/main.css';
import { createRoot } from 'react-dom/client';
import { access } from '../api/access.ts';
import { endFirstAsks, hasFirstAnswers } from '../api/first-answers.ts';
import { queryClient } from '../api/query-client.ts';
import { openSession, reopenOnNewToken } from '../api/session.ts';
import { startEvents } from '../api/start-events.ts';
import { warmUpSync } from '../features/sync/warm-up.ts';
import { preferenceNow, setPreference } from '../ui/preferences.ts';
import { Providers } from './providers.tsx';
import { parseSearch } from './search-text.ts';

/** So long the page waits for answers that are on their way: with them it is drawn once instead of twice. */
const firstDrawWaitsMs = 100;

async function start(root: HTMLElement): Promise<void> {
  reopenOnNewToken();
  const isLetIn = await openSession();
  if (isLetIn) {
    const areOnTheirWay = hasFirstAnswers();
    const isCompare = ['/', '/sync'].includes(window.location.pathname);
    const warmUp = isCompare ? warmUpSync(queryClient, parseSearch(window.location.search)).catch(() => null) : null;
    rememberFirstAsks();
    startEvents();
    if (areOnTheirWay) await Promise.race([warmUp, new Promise((done) => setTimeout(done, firstDrawWaitsMs))]);
  } else {
    access.refuse();
  }
  createRoot(root).render(<Providers />);
}

/** For public/start.js, which asks the same before the program is there. */
function rememberFirstAsks(): void {
  const firstAsks = endFirstAsks();
  const isKnown = JSON.stringify(firstAsks) === JSON.stringify(preferenceNow('firstAsks'));
  if (!isKnown && firstAsks.address !== '' && firstAsks.urls.length > 0) setPreference('firstAsks', firstAsks);
}

const root = document.getElementById('root');
if (root) void start(root);
