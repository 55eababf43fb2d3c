/** Open connections do not delay a stop. */
import { rmSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { addressesIn, runMainProcess, testFolder } from './testing/child.ts';

it('SIGTERM ends within 3 s while watches and connections are open', { timeout: 30_000 }, async () => {
  const folder = testFolder();
  const running = runMainProcess({ folder });
  const { http, otlpGrpc, queryGrpc } = addressesIn(await running.up);
  const watch = await fetch(`${http}/api/v1/incidents:watch`);
  const events = watch.body?.getReader();
  expect(new TextDecoder().decode((await events?.read())?.value)).toContain('"caughtUp":true');
  const clients = [queryGrpc, queryGrpc, otlpGrpc].map((address) => new Client(address, credentials.createInsecure()));
  const [watcher, health, sender] = clients;
  await Promise.all([
    firstMessage(watcher, '/faultline.v1.IncidentService/WatchIncidents'),
    firstMessage(health, '/grpc.health.v1.Health/Watch'),
    new Promise<void>((resolve) => sender?.waitForReady(Date.now() + 5000, () => resolve())),
  ]);
  const signalledAtMs = performance.now();
  running.process.kill('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(performance.now() - signalledAtMs).toBeLessThan(3000);
  for (const client of clients) client.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a stream with an empty request and leaves it open. */
function firstMessage(client: Client | undefined, path: string): Promise<void> {
  const asIs = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const stream = client?.makeServerStreamRequest(path, asIs, asIs, Buffer.alloc(0));
    stream?.once('data', () => resolve());
    // The server must end it.
    stream?.on('error', () => {});
  });
}
