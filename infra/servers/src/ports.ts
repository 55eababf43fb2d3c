import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that Linux (32768) and macOS (49152) give to outgoing connections. While a server is restarted, a
 * client that reconnects could otherwise get the server's own port for its end of the connection.
 */
const lowest = 15_000;
const highest = 32_000;
const attempts = 1_000;

/** Distinct free loopback ports. Another process may take one before it is used; then the start fails. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let attempt = 0; held.size < count && attempt < attempts; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const server = held.has(port) ? null : await tryListen(port);
    if (server !== null) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  if (held.size < count) throw new Error(`No ${count} free ports between ${lowest} and ${highest}.`);
  return [...held.keys()];
}

/** Null when the port is taken. */
async function tryListen(port: number): Promise<Server | null> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return null;
  }
}

/** One free loopback port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}
