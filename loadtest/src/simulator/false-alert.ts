/** Alerts that no rule fires: false alerts, flapping alerts, and reports by customers. */

import type { Random } from '../random/random.ts';
import { aboutService, type FiredAlert, type RuleKind } from './rules/rule.ts';
import type { Scenario } from './scenario.ts';

/** For a fault that no rule notices: customers report it minutes later. */
export function customerReport({ system, onsetMs }: Scenario, random: Random): FiredAlert {
  const service = system.entries[0]?.operation.service ?? '';
  const atMs = onsetMs + random.int(180, 480) * 1000;
  const summary = 'customers say it is broken';
  const about = { kind: 'report', subject: aboutService(service), labels: { service } } as const;
  return { ...about, name: 'CustomerReports', severity: 'critical', summary, atMs, endMs: null };
}

/** One alert, or one that fires and resolves several times. Nothing is wrong with the system. */
export function falseAlerts(scenario: Scenario, random: Random): FiredAlert[] {
  const first = noiseAlert(scenario, random, scenario.onsetMs);
  const open = { ...first, atMs: scenario.onsetMs, endMs: null };
  if (scenario.family !== 'flapping') return [open];
  return Array.from({ length: random.int(3, 5) }, (_, i) => ({
    ...open,
    atMs: scenario.onsetMs + i * 14_000,
    endMs: scenario.onsetMs + i * 14_000 + 7_000,
  })).map((one, i, all) => (i === all.length - 1 ? { ...one, endMs: null } : one));
}

const noisyRules: readonly { readonly kind: RuleKind; readonly name: string }[] = [
  { kind: 'latency', name: 'HighLatency' },
  { kind: 'error-rate', name: 'HighErrorRate' },
  { kind: 'cpu', name: 'PodCpuHigh' },
  { kind: 'probe', name: 'ProbeFailed' },
];

export function noiseAlert({ system }: Scenario, random: Random, atMs: number): FiredAlert {
  const { name: service } = random.pick(system.services.filter(({ role }) => role === 'service' || role === 'gateway'));
  const rule = random.pick(noisyRules);
  const endMs = random.chance(0.5) ? atMs + 30_000 : null;
  const about = { ...rule, subject: aboutService(service), labels: { service } };
  return { ...about, severity: 'warning', summary: `${rule.name} on ${service}`, atMs, endMs };
}
