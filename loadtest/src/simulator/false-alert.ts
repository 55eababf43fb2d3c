/** Alerts that no rule of the system explains: noise, flapping, and people who complain. */

import type { Random } from '../random/random.ts';
import type { FiredAlert } from './rules/rule.ts';
import type { Scenario } from './scenario.ts';

/** No rule createFault, so people did. */
export function customerReport({ system, onsetMs }: Scenario, random: Random): FiredAlert {
  const service = system.entries[0]?.operation.service ?? '';
  const atMs = onsetMs + random.int(180, 480) * 1000;
  const summary = 'customers say it is broken';
  return { name: 'CustomerReports', severity: 'critical', labels: { service }, summary, atMs, endMs: null };
}

/** Nothing is wrong: one alert, or one that comes and goes. */
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
