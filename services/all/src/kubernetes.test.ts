/** A watched cluster through a whole Faultline: a rollout is under "What changed", and an alert with only a pod or an address finds its service. */
import { ApiServer, deployment, kubeconfigOf } from '@faultline/kube/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Scenario, startScenario } from './testing/scenario.ts';

interface Incident {
  readonly alerts: readonly { readonly entity: string; readonly name: string }[];
  readonly changes: readonly { readonly summary: string; readonly actor: string; readonly entity: string }[];
}

let server: ApiServer;
let scenario: Scenario;
beforeEach(async () => {
  // Changes must be recent: those of months ago are no news.
  server = await ApiServer.start(() => Date.now());
  server.put('Node', { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z1' } } });
  const draft = deployment('pay', { env: [{ name: 'OTEL_SERVICE_NAME', value: 'payments' }] });
  server.put('Deployment', { ...draft, metadata: { ...draft.metadata, uid: 'uid-pay' } });
  server.put('Pod', {
    metadata: {
      namespace: 'shop',
      name: 'pay-0',
      labels: { app: 'pay' },
      ownerReferences: [{ kind: 'Deployment', name: 'pay', uid: 'uid-pay', controller: true }],
    },
    spec: { nodeName: 'n1', containers: [{ name: 'pay', image: 'pay:1' }] },
    status: { phase: 'Running', podIPs: [{ ip: '10.1.2.3' }] },
  });
  scenario = await startScenario({
    kube: { enabled: true, cluster: 'east', kubeconfig: kubeconfigOf(server.url) },
  });
  // The first import of the client for credentials takes seconds on a busy machine.
}, 60_000);
afterEach(async () => {
  await scenario.end();
  await server.stop();
});

const fire = (labels: Record<string, string>) =>
  scenario.post('/ingest/alertmanager', {
    version: '4',
    alerts: [{ status: 'firing', labels, annotations: {}, startsAt: new Date(scenario.nowMs()).toISOString() }],
  });

const incidents = async (): Promise<readonly Incident[]> =>
  (await scenario.get<{ readonly incidents: readonly Incident[] }>('/api/v1/incidents?view=full')).incidents;

const isWatched = async () => {
  const { parts } = await scenario.get<{ readonly parts: Readonly<Record<string, { readonly detail: string }>> }>(
    '/healthz',
  );
  return parts['kube']?.detail.startsWith('31 kinds') === true ? true : null;
};

it('names the rollout, who made it, and the service of an alert with only an address', async () => {
  await scenario.between(0, 20, isWatched);
  const draft = deployment('pay', { image: 'pay:2', env: [{ name: 'OTEL_SERVICE_NAME', value: 'payments' }] });
  server.put('Deployment', draft, 'argocd-controller');
  await scenario.between(0, 30, async () => {
    await fire({ alertname: 'HighErrorRate', instance: '10.1.2.3:8080' });
    const found = (await incidents()).find(({ changes }) => changes.length > 0);
    return found ?? null;
  });
  const [incident] = (await incidents()).filter(({ changes }) => changes.length > 0);
  expect(incident?.changes).toMatchObject([
    {
      summary: 'Deployment shop/pay changed: pay 1 to 2',
      actor: 'argocd-controller',
      entity: expect.stringContaining('pay'),
    },
  ]);
  expect(incident?.alerts.map(({ entity }) => entity)).toContain('pod:pay-0');
}, 120_000);
