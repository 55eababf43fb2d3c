/** A webhook receiver that notes when the page of each alert came. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface PageReceiver {
  /** Part of a configuration of Faultline: one channel, on loopback. */
  readonly config: { readonly notifier: { readonly channels: readonly object[] } };
  /** `performance.now()` of the first page with the alert, by fingerprint. */
  readonly seenAt: ReadonlyMap<string, number>;
  stop(): void;
}

interface Message {
  readonly incident: { readonly alerts: readonly { readonly fingerprint: string }[] };
}

export async function receivePages(): Promise<PageReceiver> {
  const seenAt = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const now = performance.now();
    const { incident } = (await json(request)) as Message;
    for (const { fingerprint } of incident.alerts) if (!seenAt.has(fingerprint)) seenAt.set(fingerprint, now);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const channel = { type: 'webhook', name: 'bench', url, secret: 'a secret of this benchmark' };
  return { config: { notifier: { channels: [channel] } }, seenAt, stop: () => void server.close() };
}
