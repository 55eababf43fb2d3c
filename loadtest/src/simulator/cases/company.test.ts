import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random/random.ts';
import { toCompanyAlert } from '../company/alerts.ts';
import { drawConventions } from '../company/conventions.ts';
import { drawScenario } from '../scenario.ts';
import { alertmanagerEvent, grafanaEvent } from '../wire/pagerduty.ts';
import { generateCase } from './generate-case.ts';

const seeds = [1, 2, 4, 6, 8, 11, 14, 17];
const cases = seeds.map((seed) => generateCase(seed, { labels: 'company' }));
const labelSets = cases.flatMap(({ alerts }) => alerts(0)).map(({ body }) => JSON.stringify(body));

describe('labels: company', () => {
  it('has the fault of the clean case, and more innocent changes', () => {
    const clean = seeds.map((seed) => generateCase(seed).truth);
    const company = cases.map(({ truth }) => truth);
    expect(company.map((truth) => [truth?.services, truth?.kinds, truth?.change])).toEqual(
      clean.map((truth) => [truth?.services, truth?.kinds, truth?.change]),
    );
    const innocent = (truths: typeof clean): number => truths.flatMap((truth) => truth?.innocent ?? []).length;
    expect(innocent(company)).toBeGreaterThan(innocent(clean) + seeds.length);
  });

  it('the same seed gives the same requests', () => {
    const again = generateCase(6, { labels: 'company' });
    const first = cases[3];
    expect([again.alerts(0), again.changes(0), again.lateChanges(0)]).toEqual([
      first?.alerts(0),
      first?.changes(0),
      first?.lateChanges(0),
    ]);
  });

  it('names the environment in several ways, and often not at all', () => {
    const named = labelSets.filter((text) => /"?(env|environment|deployment_environment|stage)("| =)/.test(text));
    expect(named.length).toBeGreaterThan(0);
    expect(named.length).toBeLessThan(0.8 * labelSets.length);
  });

  it('has heartbeats, and alerts by all senders', () => {
    const paths = cases.flatMap(({ alerts }) => alerts(0)).map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['/ingest/alertmanager', '/v2/enqueue']));
    expect(labelSets.filter((text) => text.includes('"Watchdog"')).length).toBe(seeds.length);
  });

  it('sends some changes late', () => {
    expect(cases.flatMap(({ lateChanges }) => lateChanges(0)).length).toBeGreaterThan(0);
    expect(cases.flatMap(({ changes }) => changes(0)).length).toBeGreaterThan(0);
  });
});

it('an alert on a pod has the exporter as service', () => {
  const { system } = drawScenario(6);
  const [service = ''] = system.byName.keys();
  const fired = { kind: 'restart', subject: { service, pod: 'pod-1', node: '' }, name: 'PodRestarted' } as const;
  const rest = { severity: 'warning', labels: { service }, summary: '', atMs: 0, endMs: null } as const;
  const conventions = { ...drawConventions(system, createRandom(1)), tellsKills: false };
  const { alert } = toCompanyAlert({ ...fired, ...rest }, conventions);
  expect(alert.name).toBe('KubePodCrashLooping');
  expect(alert.labels).toMatchObject({ pod: 'pod-1', job: 'kube-state-metrics' });
  expect(Object.values(alert.labels)).not.toContain(service);
});

it('an alert on a restart tells that the container was killed where a rule reads the reason', () => {
  const { system } = drawScenario(6);
  const [service = ''] = system.byName.keys();
  const fired = { kind: 'restart', subject: { service, pod: 'pod-1', node: '' }, name: 'PodRestarted' } as const;
  const rest = { severity: 'warning', labels: { service }, summary: '', atMs: 0, endMs: null } as const;
  const conventions = { ...drawConventions(system, createRandom(1)), tellsKills: true };
  const { alert } = toCompanyAlert({ ...fired, ...rest }, conventions);
  expect(alert.labels).toMatchObject({ pod: 'pod-1', reason: 'OOMKilled' });
});

it('some teams name the machine by the Kubernetes attribute, others by the host', () => {
  const { system } = drawScenario(6);
  const attributes = [1, 2, 3, 4].flatMap((seed) => {
    const { teamOf } = drawConventions(system, createRandom(seed));
    return [...system.byName.keys()].map((name) => teamOf(name).nodeAttribute);
  });
  expect(new Set(attributes)).toEqual(new Set(['k8s.node.name', 'host.name']));
});

describe('PagerDuty bodies', () => {
  const alert = { name: 'A', severity: 'page', labels: { app: 'cart' }, summary: 's', atMs: 0, endMs: 1000 };

  it('by Alertmanager name the sender as source, and have the labels in one text', () => {
    expect(alertmanagerEvent(alert, 'firing', 0)).toMatchObject({
      event_action: 'trigger',
      payload: { source: 'Alertmanager', severity: 'error', summary: '[FIRING:1] A (cart page)' },
    });
    expect(JSON.stringify(alertmanagerEvent(alert, 'firing', 0))).toContain(' - app = cart\\n');
  });

  it('by Grafana resolve with the key of the trigger', () => {
    const firing = grafanaEvent(alert, 'firing', 0);
    const resolved = grafanaEvent(alert, 'resolved', 0);
    expect(resolved).toMatchObject({ event_action: 'resolve', payload: { component: 'Grafana', class: 'default' } });
    expect(resolved).toHaveProperty('dedup_key', 'dedup_key' in firing ? firing.dedup_key : null);
  });
});
