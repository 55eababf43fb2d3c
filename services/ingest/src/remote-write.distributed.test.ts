/** Samples of real senders reach the log: of Prometheus by remote write 1.0, of the Prometheus project's client by 2.0. */
import { createServer, type Server } from 'node:http';
import { codecs, type MetricPoint, type Resource } from '@faultline/model';
import { type Sender, sendRemoteWrite2, startPrometheus } from '@faultline/servers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { decoded, type FrontDoor, openFrontDoor } from './testing/ingest.ts';

let door: FrontDoor;
let prometheus: Sender;
const cleanUps: (() => Promise<void> | void)[] = [];

const portOf = (address: ReturnType<Server['address']>) =>
  typeof address === 'object' && address !== null ? address.port : 0;

const page = '# TYPE shop_queue_length gauge\nshop_queue_length 7\n# TYPE shop_orders counter\nshop_orders 3\n';

beforeEach(async () => {
  door = await openFrontDoor();
  await door.server.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await door.close();
});

const doorPort = () => portOf(door.server.server.address());

/** A shop that Prometheus scrapes. */
async function startShop(): Promise<Server> {
  const shop = createServer((_request, response) => response.end(page));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  prometheus = await startPrometheus(configOf(doorPort(), portOf(shop.address())), '');
  cleanUps.push(prometheus.remove, () => void shop.close());
  return shop;
}

const configOf = (to: number, shopPort: number) => `global:
  scrape_interval: 2s
  external_labels: {env: prod, prometheus_replica: a}
scrape_configs:
  - job_name: shop
    static_configs: [{targets: ['127.0.0.1:${shopPort}']}]
remote_write:
  - url: http://127.0.0.1:${to}/api/v1/write
    queue_config: {batch_send_deadline: 500ms}
    metadata_config: {send_interval: 1s}
`;

interface Received {
  readonly point: MetricPoint;
  readonly resource: Resource | undefined;
}

async function received(metric: string): Promise<Received[]> {
  const blocks = (await door.read('metrics')).map(({ value }) => decoded(codecs.metricBlock, value));
  const all = blocks.flatMap(({ items, resources }) =>
    items.map((point) => ({ point, resource: resources[point.resource] })),
  );
  return all.filter(({ point }) => point.metric === metric);
}

/** Samples that Prometheus says it sent, those it failed to send taken off. */
async function sentCount(): Promise<number> {
  const text = await (await fetch(`${prometheus.url}/metrics`)).text();
  const numberOf = (name: string) => Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return (
    numberOf('prometheus_remote_storage_samples_total') - numberOf('prometheus_remote_storage_samples_failed_total')
  );
}

const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 40_000, interval: 200 });

it('takes what Prometheus sends, and the end of a series', async () => {
  const shop = await startShop();
  await soon(async () => expect((await received('shop_orders')).at(-1)?.point.kind).toBe('sum'));
  const [first] = await received('shop_queue_length');
  expect(first?.point).toMatchObject({ kind: 'gauge', value: 7, attributes: { env: 'prod' } });
  expect(first?.resource).toMatchObject({ scope: { environment: 'production' }, entities: { service: 'shop' } });
  expect(Object.keys(first?.point.attributes ?? {})).toEqual(['env']);
  await soon(async () => {
    const before = await sentCount();
    const accepted = (await door.ledger())['prometheus-remote-write/metrics']?.accepted;
    expect(before).toBeGreaterThan(10);
    expect([accepted, await sentCount()]).toEqual([before, before]);
  });
  shop.close();
  shop.closeAllConnections();
  await soon(async () => {
    const last = (await received('shop_queue_length')).at(-1)?.point;
    expect(last).toMatchObject({ value: Number.NaN, detail: '{"flags":1}' });
  });
  expect(await door.deadLetters()).toEqual([]);
}, 150_000);

/** The sender is built from source at first. */
const buildTimeoutMs = 300_000;

it(
  'takes version 2.0, and says what it wrote',
  async () => {
    const url = `http://127.0.0.1:${doorPort()}`;
    const whole = await sendRemoteWrite2(url);
    expect(whole).toEqual({ sent: whole.sent, written: whole.sent, refusal: '' });
    const { samples, histograms } = whole.sent;
    expect((await door.ledger())['prometheus-remote-write/metrics']?.accepted).toBe(samples + histograms);
    const kinds = (await received('http_requests')).map(({ point }) => point.kind);
    expect(kinds.filter((kind) => kind === 'sum').length).toBe(samples);
    expect(kinds.filter((kind) => kind === 'exponentialHistogram').length).toBe(histograms);
    const part = await sendRemoteWrite2(url, { last: 'old' });
    expect(part.written).toEqual({ ...part.sent, samples: samples - 1 });
    expect(part.refusal).toContain('400 Bad Request: 1 refused');
  },
  buildTimeoutMs,
);
