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
exporter: kube-state-metrics
passed over: service=kps-kube-state-metrics: it names the exporter, or where that runs
`);
});

it('says what kind of alert it is', () => {
  expect(tryLabels({ alertname: 'Watchdog' }, loadAppConfig({ env: {} }))).toContain(
    'kind: heartbeat (rule heartbeat)',
  );
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
