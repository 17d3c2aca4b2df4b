import { toApiError } from './api-error.ts';
import { sessionApi } from './client.ts';

const tokenInFragment = /^#token=([^&]+)/;

/** Takes the token out of the address, so that it is neither bookmarked nor shown, and returns it. */
function takeToken(): string | null {
  const token = tokenInFragment.exec(window.location.hash)?.[1];
  if (token === undefined) return null;
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return decodeURIComponent(token);
}

/** Exchanges the token of the start address, if there is one. False: the server refused it. */
export async function openSession(): Promise<boolean> {
  const token = takeToken();
  if (token === null) return true;
  try {
    await sessionApi.openSession({ token });
    return true;
  } catch (thrown) {
    return toApiError(thrown).code !== 'FORBIDDEN';
  }
}

/** An address with a token, opened in a tab that already shows the page, changes only the fragment. */
export function reopenOnNewToken(): void {
  window.addEventListener('hashchange', () => {
    if (tokenInFragment.test(window.location.hash)) window.location.reload();
  });
}
