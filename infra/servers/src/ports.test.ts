import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePorts } from './ports.ts';

it('gives distinct ports that no outgoing connection gets', async () => {
  const ports = await freePorts(9);
  expect(new Set(ports).size).toBe(9);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

it('gives ports that a server can take', async () => {
  const [port] = await freePorts(1);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await new Promise((resolve) => server.close(resolve));
});
