/** Alerts that no rule fires: false alerts, flapping alerts, and reports by customers. */

import type { Random } from '../random/random.ts';
import type { FiredAlert } from './rules/rule.ts';
import type { Scenario } from './scenario.ts';

/** For a fault that no rule notices: customers report it minutes later. */
export function customerReport({ system, onsetMs }: Scenario, random: Random): FiredAlert {
  const service = system.entries[0]?.operation.service ?? '';
  const atMs = onsetMs + random.int(180, 480) * 1000;
  const summary = 'customers say it is broken';
  return { name: 'CustomerReports', severity: 'critical', labels: { service }, summary, atMs, endMs: null };
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

const noisyNames = ['HighLatency', 'HighErrorRate', 'PodCpuHigh', 'ProbeFailed'];

export function noiseAlert({ system }: Scenario, random: Random, atMs: number): FiredAlert {
  const { name } = random.pick(system.services.filter(({ role }) => role === 'service' || role === 'gateway'));
  const rule = random.pick(noisyNames);
  const endMs = random.chance(0.5) ? atMs + 30_000 : null;
  return { name: rule, severity: 'warning', labels: { service: name }, summary: `${rule} on ${name}`, atMs, endMs };
}
