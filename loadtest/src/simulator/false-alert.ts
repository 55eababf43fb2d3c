/** Alerts that no rule of the system explains: noise, flapping, and people who complain. */

import type { Plot } from './scenario.ts';
import type { Random } from '../random/random.ts';
import type { FiredAlert } from './rules/rule.ts';

/** No rule told, so people did. */
export function complaint({ system, onsetMs }: Plot, random: Random): FiredAlert {
  const service = system.entries[0]?.operation.service ?? '';
  const atMs = onsetMs + random.int(180, 480) * 1000;
  const summary = 'customers say it is broken';
  return { name: 'CustomerReports', severity: 'critical', labels: { service }, summary, atMs, endMs: null };
}

/** Nothing is wrong: one alert, or one that comes and goes. */
export function falseAlerts(plot: Plot, random: Random): FiredAlert[] {
  const first = noiseAlert(plot, random, plot.onsetMs);
  const open = { ...first, atMs: plot.onsetMs, endMs: null };
  if (plot.family !== 'flapping') return [open];
  return Array.from({ length: random.int(3, 5) }, (_, i) => ({
    ...open,
    atMs: plot.onsetMs + i * 14_000,
    endMs: plot.onsetMs + i * 14_000 + 7_000,
  })).map((one, i, all) => (i === all.length - 1 ? { ...one, endMs: null } : one));
}

const noisyNames = ['HighLatency', 'HighErrorRate', 'PodCpuHigh', 'ProbeFailed'];

export function noiseAlert({ system }: Plot, random: Random, atMs: number): FiredAlert {
  const { name } = random.pick(system.services.filter(({ role }) => role === 'service' || role === 'gateway'));
  const rule = random.pick(noisyNames);
  const endMs = random.chance(0.5) ? atMs + 30_000 : null;
  return { name: rule, severity: 'warning', labels: { service: name }, summary: `${rule} on ${name}`, atMs, endMs };
}
