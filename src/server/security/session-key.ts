import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../core/errors/app-error.ts';

const cookieLifetimeSeconds = 30 * 24 * 60 * 60;

/** Knows who may speak to the server: holders of the token, and browsers that have exchanged it for a cookie. */
export interface SessionKey {
  /** Throws FORBIDDEN unless the request carries the token or the cookie of this port. */
  requireAuthorized(headers: IncomingHttpHeaders, port: number): void;
  isToken(candidate: string): boolean;
  /** Value of Set-Cookie that lets a browser in. */
  cookieFor(port: number): string;
}

/**
 * Browsers send cookies to every port of a host, so the cookie carries its port in its name and never the token
 * itself: whoever sees it on another port can neither read the token from it nor use it there.
 */
export function createSessionKey(token: string): SessionKey {
  const isToken = secretMatcher(token);
  const cookieName = (port: number) => `wr_session_${port}`;
  const cookieValue = (port: number) =>
    createHmac('sha256', token).update(`weightroom session 1 port ${port}`).digest('base64url');

  return {
    isToken,
    requireAuthorized(headers, port) {
      const bearer = /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? '')?.[1];
      if (bearer !== undefined && isToken(bearer)) return;
      const isCookie = secretMatcher(cookieValue(port));
      if (cookiesNamed(cookieName(port), headers.cookie).some(isCookie)) return;
      throw new AppError('FORBIDDEN', 'The request carries no valid token.', {
        hint: 'Open the address that `weightroom serve` printed.',
      });
    },
    cookieFor(port) {
      const attributes = `Path=/api; Max-Age=${cookieLifetimeSeconds}; HttpOnly; SameSite=Strict`;
      return `${cookieName(port)}=${cookieValue(port)}; ${attributes}`;
    },
  };
}

function cookiesNamed(name: string, header = ''): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** Compares digests under a random key, so that neither length nor content shows in the time it takes. */
function secretMatcher(secret: string): (candidate: string) => boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  const expected = digest(secret);
  return (candidate) => timingSafeEqual(digest(candidate), expected);
}
