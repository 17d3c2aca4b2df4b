import { AppError } from '../../core/errors/app-error.ts';

/** What the guard looks at: facts of the request line and headers, known before any routing. */
export interface RequestFacts {
  readonly method: string;
  readonly url: string;
  /** Every value of every header, names in lower case; a repeated header has several. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** Port of this machine the request arrived at. */
  readonly port: number;
}

/** Longest address that is read, in characters. */
export const maxUrlLength = 8_192;

const readingMethods = new Set(['GET', 'HEAD']);
const changingMethods = new Set(['POST', 'PATCH', 'DELETE']);

/**
 * Why a request is refused before it reaches any route, or null. It keeps out every page of a browser that is not our
 * own: a rebinding page shows only in Host, a foreign page in Origin or Sec-Fetch-Site, a form in the content type.
 * Programs without a browser pass here and are stopped by the token.
 */
export function refusalOf(request: RequestFacts): AppError | null {
  return addressRefusal(request.url) ?? callerRefusal(request) ?? methodRefusal(request);
}

/** The Host values under which this server may be addressed. */
export function ownHosts(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}

function addressRefusal(url: string): AppError | null {
  if (url.length > maxUrlLength) {
    return new AppError('REQUEST_TOO_LARGE', `The address is longer than ${maxUrlLength} characters.`);
  }
  if (!url.startsWith('/') || !isDecodable(url)) {
    return new AppError('INVALID_INPUT', 'The address of the request is malformed.');
  }
  return null;
}

function isDecodable(url: string): boolean {
  try {
    return !decodeURIComponent(url.split('?', 1)[0] ?? '').includes('\0');
  } catch {
    return false;
  }
}

function callerRefusal({ headers, port }: RequestFacts): AppError | null {
  const host = onlyValue(headers.host);
  if (host === undefined || !ownHosts(port).includes(host)) {
    return forbidden(
      'The request was addressed to a name that is not this program’s.',
      `Use http://127.0.0.1:${port} or http://localhost:${port}.`,
    );
  }
  if (headers.origin !== undefined && onlyValue(headers.origin) !== `http://${host}`) {
    return forbidden('The request came from another web page.');
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !['same-origin', 'none'].includes(onlyValue(site) ?? '')) {
    return forbidden(
      'The request came from another web page.',
      'If you followed a link, type or paste the address into the browser instead.',
    );
  }
  return null;
}

/**
 * A page elsewhere can send GET, HEAD and POST without asking first, POST only with the content types of a form.
 * Every other method and `application/json` make the browser ask (a CORS preflight), and that is never granted.
 */
function methodRefusal({ method, headers }: RequestFacts): AppError | null {
  if (readingMethods.has(method)) return null;
  if (!changingMethods.has(method)) return forbidden('This server does not take requests of that method.');
  if (method === 'DELETE' && headers['content-type'] === undefined) return null;
  const mediaType = onlyValue(headers['content-type'])?.split(';', 1)[0]?.trim().toLowerCase();
  return mediaType === 'application/json'
    ? null
    : forbidden('A request that changes something must be sent as application/json.');
}

function onlyValue(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}

function forbidden(message: string, hint?: string): AppError {
  return new AppError('FORBIDDEN', message, { hint });
}
