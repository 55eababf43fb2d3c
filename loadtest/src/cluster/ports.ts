import { createServer } from 'node:net';

/** Ports that were free a moment ago: a process that is started again must come back on the same ones. */
export async function freePorts(count: number): Promise<number[]> {
  const open = () =>
    new Promise<ReturnType<typeof createServer>>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
    });
  const servers = await Promise.all(Array.from({ length: count }, open));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
