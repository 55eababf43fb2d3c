import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random/random.ts';
import type { FiredAlert } from '../rules/rule.ts';
import { drawScenario } from '../scenario.ts';
import { standingAlerts, toStackAlert } from './stack.ts';

const fired = (kind: FiredAlert['kind'], subject: Partial<FiredAlert['subject']>): FiredAlert => ({
  kind,
  subject: { service: 'orders', pod: 'orders-1', node: '', ...subject },
  name: '',
  severity: 'warning',
  atMs: 0,
  endMs: null,
  labels: {},
  summary: '',
});

describe('labels of kube-prometheus-stack', () => {
  it('name the exporter as service where the rule does not aggregate', () => {
    const { name, labels } = toStackAlert(fired('restart', {}));
    expect(name).toBe('KubePodCrashLooping');
    expect(labels).toMatchObject({ service: 'kube-prometheus-stack-kube-state-metrics', pod: 'orders-1' });
  });

  it('name the pod of the exporter in an alert about a node', () => {
    const { labels } = toStackAlert(fired('node-down', { service: '', pod: '', node: 'node-3' }));
    expect(labels['node']).toBe('node-3');
    expect(labels['pod']).toContain('kube-state-metrics');
  });

  it('name the kubelet as service of a throttled container', () => {
    const { labels } = toStackAlert(fired('cpu', {}));
    expect(labels).toMatchObject({ service: 'kube-prometheus-stack-kubelet', pod: 'orders-1', namespace: 'shop' });
    expect(labels).not.toHaveProperty('job');
  });

  it('name no environment', () => {
    for (const kind of ['latency', 'cpu', 'pod-down', 'lag', 'absence'] as const)
      expect(Object.keys(toStackAlert(fired(kind, {})).labels)).not.toContain('environment');
  });
});

it('some rules have fired for hours, always the heartbeat', () => {
  const scenario = drawScenario(6);
  const all = standingAlerts(scenario, createRandom(3));
  expect(all.map(({ name }) => name)).toContain('Watchdog');
  expect(all.every(({ atMs }) => atMs < scenario.onsetMs - 3_600_000)).toBe(true);
});
