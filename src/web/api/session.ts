import { toApiError } from './api-error.ts';
import { sessionApi } from './client.ts';

const tokenInFragment = /^#token=([^&]+)/;

/** So that the token is neither bookmarked nor shown. */
function takeTokenOut(): void {
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
}

/**
 * Exchanges the token of the start address, if there is one. It stays there until the server has said yes or no: whoever
 * reloads the page before that would be locked out. False: the server refused it.
 */
export async function openSession(): Promise<boolean> {
  const token = tokenInFragment.exec(window.location.hash)?.[1];
  if (token === undefined) return true;
  try {
    await sessionApi.openSession({ token: decodeURIComponent(token) });
  } catch (thrown) {
    if (toApiError(thrown).code !== 'FORBIDDEN') return true;
    takeTokenOut();
    return false;
  }
  takeTokenOut();
  return true;
}

/** An address with a token, opened in a tab that already shows the page, changes only the fragment. */
export function reopenOnNewToken(): void {
  window.addEventListener('hashchange', () => {
    if (tokenInFragment.test(window.location.hash)) window.location.reload();
  });
}
