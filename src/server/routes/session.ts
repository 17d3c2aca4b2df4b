import { sessionEndpoints } from '../../contract/session.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { SessionKey } from '../security/session-key.ts';
import { defineRoutes, type Route } from './route.ts';

/** The two operations that the server itself implements; both are reachable without a token. */
export function sessionRoutes(key: SessionKey, version: string): readonly Route[] {
  const routes = defineRoutes(sessionEndpoints)({
    async openSession({ token }) {
      if (key.isToken(token)) return { ok: true };
      throw new AppError('FORBIDDEN', 'The token is not the one of this server.', {
        hint: 'Open the address that `weightroom serve` printed.',
      });
    },
    async health() {
      return { ok: true, name: 'weightroom', version };
    },
  });
  const setCookie = (port: number) => ({ 'set-cookie': key.cookieFor(port) });
  return routes.map((route) => (route.name === 'openSession' ? { ...route, answerHeaders: setCookie } : route));
}
