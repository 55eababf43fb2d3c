import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems lend to outgoing connections (from 32768 on, on Linux): one of those could take the port between two starts of a process. */
const range = { from: 10_240, to: 32_768 };

/** Ports that were free a moment ago: a process that is started again must come back on the same ones. */
export async function freePorts(count: number): Promise<number[]> {
  const free = new Set<number>();
  while (free.size < count) {
    const port = randomInt(range.from, range.to);
    if (await isFree(port)) free.add(port);
  }
  return [...free];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
