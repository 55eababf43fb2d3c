/** Listening for the gRPC server: plain or TLS, with certificates read again when they change. */
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import {
  type BindAddress,
  followCertificates,
  type Logger,
  listenOn,
  readServerTls,
  type TlsConfig,
} from '@faultline/runtime';
import { type Server, ServerCredentials } from '@grpc/grpc-js';

export interface GrpcListenOptions {
  readonly server: Server;
  readonly address: BindAddress;
  readonly tls: TlsConfig;
  readonly logger: Logger;
}

export interface GrpcListener {
  readonly port: number;
  /** Takes no more connections. Those that stand are the gRPC server's to end. */
  close(): void;
}

/**
 * The sockets are ours and are handed to the library once they are secure: its own credentials cannot change while it listens. Throws
 * RUNTIME_TLS_UNREADABLE, RUNTIME_ADDRESS_IN_USE, RUNTIME_ADDRESS_REFUSED.
 */
export async function listenForGrpc(options: GrpcListenOptions): Promise<GrpcListener> {
  const injector = options.server.createConnectionInjector(ServerCredentials.createInsecure());
  const { listener, stopFollowing } = createListener(options, (socket) => injector.injectConnection(socket));
  const port = await listenOn(listener, options.address);
  return {
    port,
    close: () => {
      stopFollowing();
      listener.close();
    },
  };
}

interface Listening {
  readonly listener: NetServer;
  stopFollowing(): void;
}

function createListener({ address, tls, logger }: GrpcListenOptions, take: (socket: Socket) => void): Listening {
  if (tls === null) return { listener: createServer(take), stopFollowing: () => {} };
  const { section } = address;
  const listener = createTlsServer({ ALPNProtocols: ['h2'], ...readServerTls({ section, tls }) }, take);
  const following = followCertificates(listener, { section, tls }, logger);
  return { listener, stopFollowing: () => following.stop() };
}
