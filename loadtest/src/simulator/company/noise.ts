/** Alerts that fire in every company and are no fault of the case: heartbeats, inhibitors, flapping rules and old warnings. */
import type { Random } from '../../random/random.ts';
import type { Scenario } from '../scenario.ts';
import type { AlertToSend } from '../wire/alertmanager.ts';
import type { Conventions, Labels } from './conventions.ts';

const minute = 60_000;

/** `untilMs`: end of the case. */
export function noiseAlerts(
  scenario: Scenario,
  conventions: Conventions,
  { random, untilMs }: { random: Random; untilMs: number },
): AlertToSend[] {
  const old = (name: string, severity: string, labels: Labels): AlertToSend => ({
    name,
    severity,
    labels: { ...labels, ...conventions.platform },
    summary: name,
    atMs: scenario.onsetMs - random.int(60, 72 * 60) * minute,
    endMs: null,
  });
  const more = random.fork('more noise');
  const node = more.pick(scenario.system.nodes).name;
  const prometheus = 'monitoring/kube-prometheus-stack-prometheus';
  const flapping = Array.from({ length: random.int(0, 2) }, () => flaps(scenario, conventions, { random, untilMs }));
  return [
    old('Watchdog', 'none', { prometheus }),
    ...(random.chance(0.7) ? [old('InfoInhibitor', 'none', { namespace: 'shop', prometheus })] : []),
    ...(random.chance(0.5) ? [old('KubeCPUOvercommit', 'warning', { prometheus })] : []),
    ...(random.chance(0.3) ? [old('KubeJobFailed', 'warning', { namespace: 'batch', job_name: 'report-28391' })] : []),
    ...(more.chance(0.3)
      ? [old('KubeHpaMaxedOut', 'warning', { horizontalpodautoscaler: 'web', namespace: 'web' })]
      : []),
    ...(more.chance(0.3) ? [old('NodeClockSkewDetected', 'warning', { node, job: 'node-exporter' })] : []),
    ...(more.chance(0.2) ? [old('TargetDown', 'warning', { job: 'pushgateway', namespace: 'monitoring' })] : []),
    ...flapping.flat(),
  ];
}

/** A throttled pod of a service without a fault, firing again and again for ten minutes. */
function flaps(
  { system, faults }: Scenario,
  { platform }: Conventions,
  { random, untilMs }: { random: Random; untilMs: number },
): AlertToSend[] {
  const atFault = new Set(faults.flatMap(({ services }) => services));
  const others = system.services.filter(({ name, role }) => role === 'service' && !atFault.has(name));
  if (others.length === 0) return [];
  const pod = random.pick(random.pick(others).instances).name;
  const labels = { pod, namespace: 'shop', container: 'app', ...platform };
  const name = 'CPUThrottlingHigh';
  const firstMs = untilMs - 10 * minute;
  return Array.from({ length: random.int(3, 5) }, (_, i) => ({
    name,
    severity: 'info',
    labels,
    summary: `${name} on ${pod}`,
    atMs: firstMs + i * 2 * minute,
    endMs: firstMs + i * 2 * minute + 50_000,
  }));
}
