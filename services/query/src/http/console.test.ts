import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createConsoleRoutes } from './console.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-console-'));
const server = Fastify();
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'the console');
  await server.register(createConsoleRoutes(folder));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

it.each([
  '/',
  '/incidents/inc-1',
  '/sources',
  '/mapping',
  '/mapping/jira',
  '/workloads',
  '/workloads/east/shop/Deployment/pay',
])('a link straight to %s opens the console', async (url) => {
  const response = await server.inject(url);
  expect([response.statusCode, response.body]).toEqual([200, 'the console']);
  expect(response.headers['content-security-policy']).toContain("default-src 'none'");
});

it('another path is not found', async () => {
  expect((await server.inject('/elsewhere')).statusCode).toBe(404);
});
