/** Which addresses a server may listen on, and the error when one cannot be used. Shared by HTTP and gRPC servers. */
import { once } from 'node:events';
import { isIPv4, type Server } from 'node:net';
import type { Authenticator } from './auth.ts';
import { AppError } from './error.ts';

export interface BindAddress {
  /** The configuration section of the address, such as `http` or `ingest`. Messages name it. */
  readonly section: string;
  readonly host: string;
  readonly port: number;
}

/** True for 127.0.0.0/8, ::1 and localhost. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Throws RUNTIME_OPEN_ADDRESS for an address that other machines can reach while authentication is off. */
export function checkBindAddress(address: BindAddress, authenticator: Pick<Authenticator, 'enabled'>): void {
  if (authenticator.enabled || isLoopback(address.host)) return;
  throw new AppError(
    'RUNTIME_OPEN_ADDRESS',
    `${address.section}: refusing to listen on ${address.host}:${address.port} without authentication; configure auth.tokens (npm run config -- hash-token), or set ${address.section}.host to 127.0.0.1`,
    { kind: 'permanent' },
  );
}

/** Translates a failed listen into an error that says what to do. */
export function bindError(error: unknown, { section, host, port }: BindAddress): AppError {
  const systemCode = (error as NodeJS.ErrnoException | null)?.code;
  if (systemCode === 'EADDRINUSE')
    return new AppError(
      'RUNTIME_ADDRESS_IN_USE',
      `${section}: ${host}:${port} is in use by another process, perhaps a running Faultline; stop that process (lsof -i :${port} shows it), or configure another ${section} port`,
      { kind: 'permanent', cause: error },
    );
  const why = systemCode === 'EACCES' ? 'no permission for this port; use one above 1023' : `${systemCode ?? error}`;
  return new AppError('RUNTIME_ADDRESS_REFUSED', `${section}: cannot listen on ${host}:${port}: ${why}`, {
    kind: 'permanent',
    cause: error,
  });
}

/** Listens and returns the port. Rejects with RUNTIME_ADDRESS_IN_USE or RUNTIME_ADDRESS_REFUSED. */
export async function listenOn(server: Server, address: BindAddress): Promise<number> {
  const { host, port } = address;
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw bindError(error, address);
  }
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}
