/** Rules of a real Prometheus reach the log, sent as to an Alertmanager. */
import { codecs } from '@faultline/model';
import { type Sender, startPrometheus } from '@faultline/servers';
import { afterEach, expect, it, vi } from 'vitest';
import { decoded, type FrontDoor, openFrontDoor } from './testing/ingest.ts';

const rules = `groups:
  - name: shop
    interval: 1s
    rules:
      - alert: HighErrorRate
        expr: vector(42) > 5
        labels: {service: checkout, env: prod, severity: critical}
        annotations: {summary: 5 % of requests fail}
`;

let door: FrontDoor;
const senders: Sender[] = [];
afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.remove();
  await door.close();
});

async function openDoor(): Promise<number> {
  door = await openFrontDoor();
  await door.server.listen({ host: '127.0.0.1', port: 0 });
  const address = door.server.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const alerts = async () => (await door.read('alerts')).map(({ value }) => decoded(codecs.alert, value));
const isThere = () =>
  vi.waitFor(async () => expect((await alerts()).length).toBeGreaterThan(0), { timeout: 40_000, interval: 200 });
const right = {
  source: 'alertmanager',
  name: 'HighErrorRate',
  status: 'firing',
  severity: 'critical',
  summary: '5 % of requests fail',
  entities: { service: 'checkout' },
  scope: { tenant: 'default', environment: 'production' },
};

it('straight to the API v2', async () => {
  const port = await openDoor();
  const config = `alerting:
  alertmanagers:
    - path_prefix: /ingest/alertmanager
      static_configs: [{targets: ['127.0.0.1:${port}']}]
`;
  senders.push(await startPrometheus(config, rules));
  await isThere();
  const [alert] = await alerts();
  expect(alert).toMatchObject(right);
  expect(alert?.url).toContain('/graph?g0.expr=');
  // Prometheus says until when the alert fires unless it is sent again: four evaluations, a few minutes.
  expect(alert?.expiresAfterMs).toBeLessThanOrEqual(600_000);
  expect(await door.deadLetters()).toEqual([]);
});
