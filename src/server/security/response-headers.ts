const policy: Readonly<Record<string, string>> = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
};

/** Every answer carries these, refusals and errors too. There is no CORS header on purpose. */
const fixedHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

/** @param host Checked Host of the request; the page may open its WebSocket there. */
export function securityHeaders(host?: string): Readonly<Record<string, string>> {
  const connect = host === undefined ? "'self'" : `'self' ws://${host}`;
  const directives = Object.entries({ ...policy, 'connect-src': connect });
  return {
    ...fixedHeaders,
    'content-security-policy': directives.map(([name, value]) => `${name} ${value}`).join('; '),
  };
}
