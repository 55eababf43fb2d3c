/** Six services are released at once and one release is bad. There are metrics alone, and each new instance looks as after any restart. */
import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { rankHypotheses } from './rank.ts';
import { deploy, incident, onsetMs, series } from './testing/fixture.ts';

const services = ['api', 'cart', 'mail', 'pay', 'search', 'stock'];
const releasedMs = onsetMs - 90_000;
const bad = 'pay';

/** A point every half minute; memory fills up for five minutes and the processor is busy for one, after a start. */
function measured(
  [service, instance]: readonly [string, string],
  metric: string,
  {
    fromMs = 0,
    toMs = 780_000,
    unit = '',
    valueAt,
  }: { fromMs?: number; toMs?: number; unit?: string; valueAt: (ageMs: number) => number },
): SeriesRow {
  const points = Array.from({ length: 26 }, (_, i) => i * 30_000)
    .filter((atMs) => atMs >= fromMs && atMs < toMs)
    .map((atMs, i) => {
      const value = valueAt(fromMs === 0 ? 3_600_000 : atMs - fromMs) * (1 + 0.02 * (i % 3));
      return [atMs, value, value, 1] as const;
    });
  return { ...series(service, metric, [0, 0], unit), instance: `${service}-${instance}`, points };
}

interface Life {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly slow?: number;
  readonly failing?: number;
  readonly leaks?: boolean;
}

function instanceOf(
  service: string,
  instance: string,
  { slow = 1, failing = 0.1, leaks = false, ...life }: Life,
): SeriesRow[] {
  const name = [service, instance] as const;
  const warmth = (ageMs: number): number => Math.min(1, 0.3 + ageMs / 300_000);
  return [
    measured(name, 'memory.working_set', { ...life, valueAt: (age) => 500 * warmth(age) * (leaks ? 3 : 1) }),
    measured(name, 'cpu.usage', { ...life, valueAt: (age) => (age < 60_000 ? 0.9 : 0.2) }),
    measured(name, 'db.client.connection.count', { ...life, valueAt: (age) => (age < 60_000 ? 20 : 5) }),
    measured(name, 'request.latency.mean', { ...life, unit: 'ms', valueAt: (age) => (age < 60_000 ? 40 : 20) * slow }),
    measured(name, 'request.error_rate', { ...life, unit: '%', valueAt: () => failing }),
  ];
}

/** Old instances go on beside a canary, or are replaced by new ones. */
function rolledOut(service: string, kind: 'canary' | 'rollout', harm: Life): SeriesRow[] {
  const old = kind === 'canary' ? {} : { toMs: releasedMs };
  return [
    ...['1', '2'].flatMap((instance) => instanceOf(service, `old${instance}`, old)),
    ...instanceOf(service, 'new1', { fromMs: releasedMs, ...harm }),
    ...(kind === 'canary' ? [] : instanceOf(service, 'new2', { fromMs: releasedMs, ...harm })),
  ];
}

function ranked(kind: 'canary' | 'rollout', harm: Life) {
  const rows = services.flatMap((service) => rolledOut(service, kind, service === bad ? harm : {}));
  const changes = services.map((service) => deploy(service, releasedMs));
  const declaredEdges = services.map((to) => ({ from: 'web', to }));
  return rankHypotheses(incident('web', { series: rows }, { changes, declaredEdges }));
}

describe.each(['canary', 'rollout'] as const)('a bad %s among six', (kind) => {
  it.each([
    ['is slow', { slow: 5 }],
    ['fails', { failing: 20 }],
    ['leaks', { leaks: true }],
  ] as const)('that %s is found, with its release', (_what, harm) => {
    const { hypotheses } = ranked(kind, harm);
    expect(hypotheses[0]?.cause.service).toBe(bad);
    expect(hypotheses[0]?.changeId).toBe(`deploy-${bad}-${releasedMs}`);
  });

  it('is none when all look as after any restart', () => {
    const { verdict, changes } = ranked(kind, {});
    expect(verdict).toBe('inconclusive');
    expect(changes.map((change) => change.verdict)).not.toContain('suspect');
  });
});
