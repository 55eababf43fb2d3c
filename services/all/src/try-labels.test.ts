import { expect, it } from 'vitest';
import { loadAppConfig } from './app-config.ts';
import { parseLabels, tryLabels } from './try-labels.ts';

const labels = parseLabels([
  'alertname=X',
  'service=kps-kube-state-metrics',
  'job=kube-state-metrics',
  'deployment=cart',
]);

it('says what labels are about, and why', () => {
  expect(tryLabels(labels ?? {}, loadAppConfig({ env: {} }))).toBe(`entity: workload:cart
  service: cart (from deployment)
  workload: cart (from deployment)
environment: not named; evidence finds it where the entity sends telemetry
exporter: kube-state-metrics
passed over: service=kps-kube-state-metrics: it names the exporter, or where that runs
`);
});

it('says what kind of alert it is', () => {
  expect(tryLabels({ alertname: 'Watchdog' }, loadAppConfig({ env: {} }))).toContain(
    'kind: heartbeat (rule heartbeat)',
  );
});

it.each([
  [['env=Production-EU-1'], 'environment: production (from env=Production-EU-1; cluster eu-1)'],
  [['environment=stg'], 'environment: staging (from environment=stg)'],
  [['env=blue'], 'environment: production (from env=blue)'],
  [['namespace=shop-s'], 'environment: staging (from namespace:shop-s=Stage)'],
  [['service=cart', 'prometheus_replica=b'], 'left out: prometheus_replica=b: it tells replicas of a sender apart'],
])('says which environment %s names', (words, line) => {
  const overrides = {
    ingest: { environmentNames: { blue: 'prod' }, environments: { namespace: { 'shop-s': 'Stage' } } },
  };
  const text = tryLabels(parseLabels(words) ?? {}, loadAppConfig({ env: {}, overrides }));
  expect(text.split('\n')).toContain(line);
});

it('goes by the settings', () => {
  const overrides = { ingest: { removedEntityRules: ['exporter:kube-state-metrics'] } };
  expect(tryLabels(labels ?? {}, loadAppConfig({ env: {}, overrides }))).toContain('(from service)');
});

it('knows arguments that are no labels', () => {
  expect(parseLabels(['cart'])).toBeNull();
  expect(parseLabels([])).toBeNull();
  expect(parseLabels(['expr=a=b'])).toEqual({ expr: 'a=b' });
});
