import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../core/errors/app-error.ts';

export interface Listening {
  readonly servers: readonly Server[];
  readonly port: number;
  readonly url: string;
}

export interface ListenOptions {
  /** Makes a server that is not listening yet; called once per address. */
  readonly createServer: () => Server;
  /** `127.0.0.1`, `::1`, or `localhost` for both, which is the default. */
  readonly host?: string | undefined;
  /** 0: any free port. */
  readonly port: number;
}

const portAttempts = 20;

/** Listens on this machine's own addresses only, all on the same port. Throws PORT_IN_USE or INVALID_SETTING. */
export async function listenOnLoopback(options: ListenOptions): Promise<Listening> {
  const addresses = loopbackAddresses(options.host);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listenOnAll(addresses, options);
    } catch (error) {
      // With port 0 the system picks a port that is free on the first address; it may be taken on the second.
      const mayRetry = options.port === 0 && errorCode(error) === 'EADDRINUSE' && attempt < portAttempts;
      if (!mayRetry) throw toListenError(error, options.port);
    }
  }
}

function loopbackAddresses(host = 'localhost'): readonly string[] {
  if (host === 'localhost' || host === '') return ['127.0.0.1', '::1'];
  if (host === '127.0.0.1') return [host];
  if (host === '::1' || host === '[::1]') return ['::1'];
  throw new AppError(
    'INVALID_SETTING',
    `Weightroom does not listen on “${host}”: other machines could reach it there, which needs an encrypted connection (TLS), and that is not supported yet.`,
    { hint: 'Leave the host out, or use localhost, 127.0.0.1 or ::1.' },
  );
}

async function listenOnAll(addresses: readonly string[], options: ListenOptions): Promise<Listening> {
  const servers: Server[] = [];
  let port = options.port;
  try {
    for (const address of addresses) {
      const server = options.createServer();
      const isListening = await listen(server, address, port, servers.length > 0);
      if (!isListening) continue;
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  const name = addresses[0] === '::1' ? '[::1]' : addresses[0];
  return { servers, port, url: `http://${name}:${port}` };
}

/** False where the machine has no such address and another one serves already. */
async function listen(server: Server, address: string, port: number, isOptional: boolean): Promise<boolean> {
  try {
    server.listen({ host: address, port });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (isOptional && ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(errorCode(error))) return false;
    throw error;
  }
}

function toListenError(error: unknown, port: number): unknown {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return new AppError('PORT_IN_USE', `Port ${port} is taken by another program.`, {
      hint: 'Choose another port, or 0 for any free one.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'ERR_SOCKET_BAD_PORT') {
    return new AppError('INVALID_SETTING', `Port ${port} cannot be used by this program.`, {
      hint: 'Choose a port from 1024 to 65535, or 0 for any free one.',
      cause: error,
    });
  }
  return error;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
