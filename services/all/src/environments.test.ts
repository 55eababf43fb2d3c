/**
 * Labels as companies have them, through a whole Faultline: spans name an environment, alerts of Kubernetes, nodes and databases name a cluster
 * and a namespace at most, and a deployment names both in one word.
 */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Scenario, startScenario } from './testing/scenario.ts';

interface Incident {
  readonly id: string;
  readonly scope: { readonly environment: string };
  readonly environments: readonly string[];
  readonly environmentReading: { readonly reason: string; readonly text: string } | null;
  readonly alerts: readonly { readonly name: string; readonly environment: string }[];
  readonly changes: readonly { readonly summary: string }[];
  readonly graph: { readonly nodes: readonly { readonly service: string }[] };
  readonly evidenceState: string;
}

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
});
afterEach(() => scenario.end());

const attributes = (entries: Record<string, string>) =>
  Object.entries(entries).map(([key, value]) => ({ key, value: { stringValue: value } }));

const nanos = (ms: number) => `${BigInt(Math.round(ms)) * 1_000_000n}`;

/** A minute of calls from `web` to `checkout` on one node, all of them failed in the last ten seconds. */
async function sendCalls(environment: string): Promise<void> {
  const nowMs = scenario.nowMs();
  const resource = (service: string) =>
    attributes({
      'service.name': service,
      'k8s.node.name': 'n1',
      'k8s.namespace.name': `shop-${environment}`,
      ...(environment === '' ? {} : { 'deployment.environment.name': environment }),
    });
  const calls = Array.from({ length: 60 }, (_, second) => {
    const atMs = nowMs - 60_000 + second * 1000;
    const [traceId, client, server] = [16, 8, 8].map((bytes) => randomBytes(bytes).toString('hex'));
    const status = { code: second > 50 ? 2 : 0 };
    const times = { startTimeUnixNano: nanos(atMs), endTimeUnixNano: nanos(atMs + 20) };
    return {
      web: { traceId, spanId: client, name: 'POST /checkout', kind: 3, status, ...times },
      checkout: { traceId, spanId: server, parentSpanId: client, name: 'POST /checkout', kind: 2, status, ...times },
    };
  });
  await scenario.sendTraces({
    resourceSpans: (['web', 'checkout'] as const).map((service) => ({
      resource: { attributes: resource(service) },
      scopeSpans: [{ spans: calls.map((call) => call[service]) }],
    })),
  });
}

const fire = (labels: Record<string, string>) =>
  scenario.post('/ingest/alertmanager', {
    version: '4',
    alerts: [{ status: 'firing', labels, annotations: {}, startsAt: new Date(scenario.nowMs()).toISOString() }],
  });

const deploy = (service: string, environment: string) =>
  scenario.post('/ingest/cloudevents', [
    {
      specversion: '1.0',
      id: `${service}-${environment}`,
      source: '/ci',
      type: 'dev.cdevents.service.deployed.0.2.0',
      data: {
        context: { timestamp: new Date(scenario.nowMs() - 15_000).toISOString() },
        subject: { id: service, content: { environment: { id: environment }, artifactId: 'pkg:oci/x?tag=1.4.2' } },
      },
    },
  ]);

const incidents = async (): Promise<readonly Incident[]> =>
  (await scenario.get<{ readonly incidents: readonly Incident[] }>('/api/v1/incidents?view=full')).incidents;

/** Telemetry is recorded seconds after it is sent. */
const recorded = (environment: string) =>
  scenario.between(0, 60, async () => {
    const graph = await scenario.get<{ readonly edges: readonly object[] }>(`/api/v1/graph?environment=${environment}`);
    return graph.edges.length > 0 ? graph : null;
  });

/** Evidence was read, and it is about something. */
const hasRows = ({ environmentReading: reading, graph }: Incident) =>
  reading !== null && reading.reason !== 'no-telemetry' && graph.nodes.length > 0;

const judged = () =>
  scenario.between(0, 60, async () => {
    const all = await incidents();
    const isRead = all.length > 0 && all.every(hasRows);
    return isRead ? all : null;
  });
it('an alert without an environment meets the spans and the deployment of its service', async () => {
  await sendCalls('Production');
  await recorded('prod');
  await deploy('checkout', 'production-eu-1');
  await deploy('checkout', 'staging');
  await fire({ alertname: 'KubePodCrashLooping', namespace: 'shop-Production', deployment: 'checkout' });
  const [incident, ...others] = await judged();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({
    scope: { environment: 'production' },
    environments: ['production'],
    environmentReading: { reason: 'only-one' },
    changes: [{ summary: 'Deployed checkout 1.4.2' }],
    alerts: [{ name: 'KubePodCrashLooping', environment: '' }],
  });
  expect(incident?.graph.nodes.map(({ service }) => service).sort()).toEqual(['checkout', 'web']);
}, 60_000);

it('a node that two environments share is one incident, and its alerts name neither', async () => {
  for (const environment of ['production', 'staging']) await sendCalls(environment);
  for (const environment of ['production', 'staging']) await recorded(environment);
  await fire({ alertname: 'KubeNodeNotReady', node: 'n1', cluster: 'eu-1' });
  const [incident] = await judged();
  expect(incident?.environmentReading?.text).toBe('production and staging have n1 in common; both were read.');
  await fire({ alertname: 'HighErrorRate', service: 'checkout', env: 'prod', node: 'n1' });
  await fire({ alertname: 'HighErrorRate', service: 'web', env: 'stg', node: 'n1' });
  const all = await scenario.between(0, 60, async () => {
    const found = await incidents();
    return found.flatMap(({ alerts }) => alerts).length === 3 ? found : null;
  });
  expect(all.map(({ environments }) => environments)).toEqual([['production', 'staging']]);
}, 60_000);

it('production and staging stay apart where alerts name them', async () => {
  for (const environment of ['production', 'staging']) await sendCalls(environment);
  for (const environment of ['production', 'staging']) await recorded(environment);
  await fire({ alertname: 'HighErrorRate', service: 'checkout', environment: 'live' });
  await fire({ alertname: 'HighErrorRate', service: 'checkout', environment: 'Stage' });
  const all = await scenario.between(0, 60, async () => {
    const found = await judged();
    return found.length === 2 ? found : null;
  });
  expect(all.map(({ scope }) => scope.environment).sort()).toEqual(['production', 'staging']);
  for (const { graph } of all) expect(graph.nodes.map(({ service }) => service).sort()).toEqual(['checkout', 'web']);
}, 60_000);
