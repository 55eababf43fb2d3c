import { describe, expect, it } from 'vitest';
import type { Comparison } from '../compare/comparison.ts';
import { failureDomain } from '../evidence/failure-domain.ts';
import { telemetryGap } from '../evidence/telemetry-gap.ts';
import { candidate } from '../testing/candidate.ts';
import { compareRows, finding } from '../testing/evidence.ts';
import { deploy, onsetMs, operation, presence } from '../testing/fixture.ts';
import { silentSinceMs, sinceOf } from './since.ts';

const silent = candidate('api', { findings: [finding({ traits: telemetryGap.traits })] });
/** Instances of `api` with these last signs of life, beside `web`, which goes on. */
const gone = (...lastMs: readonly number[]) => [
  presence('web', 779_000),
  ...lastMs.map((atMs, i) => ({ ...presence('api', atMs), instance: `api-${i}` })),
];
const since = (lastMs: readonly number[], fields: Partial<Comparison> = {}): number | null =>
  silentSinceMs({ ...compareRows({ presence: gone(...lastMs) }), ...fields }, silent);

describe('silentSinceMs', () => {
  it('is the last sign of the instances that fell silent together', () => {
    expect(since([610_000, 640_000])).toBe(640_000);
  });

  it('is when the first ones did, where they went one after the other', () => {
    expect(since([605_000, 680_000])).toBe(605_000);
  });

  it('asks only the instances that went', () => {
    expect(since([610_000, 775_000])).toBe(610_000);
    expect(since([775_000])).toBeNull();
  });

  it('is what others saw of it, between its last sign and the one that is missing', () => {
    expect(since([610_000], { onsetOf: () => 635_000 })).toBe(635_000);
    expect(since([610_000], { onsetOf: () => 700_000 })).toBe(610_000);
    expect(since([610_000], { onsetOf: () => 590_000 })).toBe(610_000);
  });

  it('is that of all on a node or in a zone, where these are suspected', () => {
    const rows = gone(610_000, 620_000).map((row) =>
      row.service === 'api' ? { ...row, service: row.instance, node: 'node-1', zone: 'east' } : row,
    );
    const at = (service: string) =>
      silentSinceMs(
        compareRows({ presence: rows }),
        candidate(service, { findings: [finding({ service, traits: failureDomain.traits })] }),
      );
    expect([at('node-1'), at('east'), at('node-2')]).toEqual([620_000, 620_000, null]);
  });

  it('is unknown where no evidence is in, or where the silence counts for nothing', () => {
    const inputs = compareRows({ presence: gone(610_000) });
    expect(silentSinceMs({ ...inputs, watermarks: null }, silent)).toBeNull();
    const ruledOut = { service: 'api', findings: [finding({ traits: telemetryGap.traits, weight: 0 })] };
    expect(silentSinceMs(inputs, ruledOut)).toBeNull();
  });
});

describe('sinceOf', () => {
  it('is the service’s own onset, or its silence where that tells more', () => {
    const inputs = { ...compareRows({ presence: gone(650_000) }), onsetOf: () => onsetMs + 7_000 };
    expect(sinceOf(inputs, candidate('api'))).toBe(onsetMs + 7_000);
    expect(sinceOf(inputs, silent)).toBe(650_000);
  });

  it('is not before the change that is blamed, as far as the onset is unsure', () => {
    const at = (seconds: number): number => {
      const changes = [deploy('api', onsetMs + seconds * 1000)];
      const rows = { operations: operation({ service: 'api', self: [5, 5] }) };
      return sinceOf(compareRows(rows, { changes }), candidate('api')) - onsetMs;
    };
    expect([at(-30), at(30), at(60), at(61)]).toEqual([0, 30_000, 60_000, 0]);
  });
});
