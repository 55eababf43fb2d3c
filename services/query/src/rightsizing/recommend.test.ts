import { describe, expect, it } from 'vitest';
import { rightsizingConfig } from './config.ts';
import { type RecommendInput, recommendCpu, recommendMemory } from './recommend.ts';
import { dayOf, daysOf, gib, mib, randomFrom } from './testing/usage.ts';

const krr = rightsizingConfig.parse({ minCores: 0, minMemoryMib: 0 });
const vpa = { ...krr, method: 'vpa' } as const;
const nothingSet = { request: null, limit: null };

function inputOf(over: Partial<RecommendInput> = {}): RecommendInput {
  return { days: [], cpu: nothingSet, memory: nothingSet, throttledShare: null, oomKills: 0, ...over };
}

/** Twenty samples: 0.1 to 2 cores. */
const cores = Array.from({ length: 20 }, (_, index) => (index + 1) / 10);

describe('CPU', () => {
  it('is the 95th percentile without a margin or a limit, as KRR has it', () => {
    const found = recommendCpu(inputOf({ days: daysOf(7, { cores, bytes: [] }) }), krr);
    // The 19th of 20 samples is 1.9 cores, known within the 5 % of its bucket.
    expect(found?.request).toBeGreaterThanOrEqual(1.9);
    expect(found?.request).toBeLessThan(1.9 * 1.05);
    expect(found?.limit).toBeNull();
    expect(found?.grounds).toMatchObject({ basis: 'percentile', share: 0.95, marginPercent: 0, isLeast: false });
  });

  it('is the 90th percentile and 15 %, with the limit in proportion, as VPA has it', () => {
    const days = daysOf(7, { cores, bytes: [] });
    const found = recommendCpu(inputOf({ days, cpu: { request: 4, limit: 8 } }), vpa);
    expect(found?.request).toBeGreaterThanOrEqual(1.8 * 1.15);
    expect(found?.request).toBeLessThan(1.8 * 1.15 * 1.05 + 0.001);
    expect(found?.limit).toBeCloseTo(2 * (found?.request ?? 0), 2);
  });

  it('forgets old days with VPA and not with KRR', () => {
    const days = [...daysOf(7, { cores: [0.1], bytes: [] }), dayOf(7, { cores: [3], bytes: [] })];
    expect(recommendCpu(inputOf({ days }), vpa)?.request).toBeLessThan(0.2);
    // One sample in eight is more than the five of a hundred that may be above the request.
    expect(recommendCpu(inputOf({ days }), krr)?.request).toBe(3);
  });

  it('never exceeds the highest use by the width of a bucket', () => {
    const days = daysOf(7, { cores: [0.5], bytes: [] });
    expect(recommendCpu(inputOf({ days }), krr)?.request).toBe(0.5);
  });

  it('is not lowered where the limit throttles, and says so', () => {
    const input = inputOf({
      days: daysOf(7, { cores, bytes: [] }),
      cpu: { request: 3, limit: 3 },
      throttledShare: 0.2,
    });
    expect(recommendCpu(input, krr)).toMatchObject({ request: 3, grounds: { heldBy: 'throttling' } });
    expect(recommendCpu({ ...input, throttledShare: 0.01 }, krr)?.request).toBeLessThan(2);
    expect(recommendCpu({ ...input, cpu: { request: 1, limit: 3 } }, krr)?.grounds.heldBy).toBeNull();
  });

  it('is at least what is configured', () => {
    const days = daysOf(7, { cores: [0.001], bytes: [] });
    expect(recommendCpu(inputOf({ days }), rightsizingConfig.parse({}))).toMatchObject({
      request: 0.01,
      grounds: { isLeast: true },
    });
  });

  it('takes the percentile of the setting', () => {
    const days = daysOf(7, { cores, bytes: [] });
    const half = recommendCpu(inputOf({ days }), { ...krr, cpuPercentile: 50 });
    expect(half?.request).toBeGreaterThanOrEqual(1);
    expect(half?.request).toBeLessThan(1.05);
  });

  it('is null without samples', () => {
    expect(recommendCpu(inputOf(), krr)).toBeNull();
    expect(recommendCpu(inputOf({ days: daysOf(7, { cores: [], bytes: [gib] }) }), vpa)).toBeNull();
  });
});

describe('memory', () => {
  it('is the highest use and 15 %, as request and limit, as KRR has it', () => {
    const days = [...daysOf(6, { cores: [], bytes: [200 * mib] }), dayOf(6, { cores: [], bytes: [400 * mib] })];
    expect(recommendMemory(inputOf({ days }), krr)).toMatchObject({ request: 460 * mib, limit: 460 * mib });
  });

  it('is the 90th percentile of the peaks of pods and days, as VPA has it', () => {
    const days = [...daysOf(6, { cores: [], bytes: [200 * mib] }), dayOf(6, { cores: [], bytes: [400 * mib] })];
    const found = recommendMemory(inputOf({ days }), vpa);
    // The peak of a week ago weighs one 127th.
    expect(found?.request).toBeGreaterThanOrEqual(230 * mib);
    expect(found?.request).toBeLessThan(230 * 1.05 * mib + mib);
    expect(found?.limit).toBeNull();
  });

  it('is raised after an end for want of memory: a quarter above the limit, or a fifth and at least 100 MiB', () => {
    const days = daysOf(7, { cores: [], bytes: [200 * mib] });
    const input = inputOf({ days, memory: { request: 256 * mib, limit: 256 * mib }, oomKills: 3 });
    expect(recommendMemory(input, krr)).toMatchObject({ request: 320 * mib, grounds: { oomKills: 3 } });
    expect(recommendMemory(input, vpa)).toMatchObject({ request: 356 * mib, grounds: { oomKills: 3 } });
    expect(recommendMemory({ ...input, oomKills: 0 }, krr)?.request).toBe(230 * mib);
  });

  it('is null without samples', () => {
    expect(recommendMemory(inputOf({ days: daysOf(7, { cores: [1], bytes: [] }) }), krr)).toBeNull();
  });
});

describe('the range', () => {
  const at = (count: number) => recommendCpu(inputOf({ days: daysOf(count, { cores: [1], bytes: [] }) }), vpa);

  it('has the multipliers that VPA states: 2 after a day, 1.14 after a week', () => {
    expect(at(1)?.upper).toBeCloseTo(1.15 * 2, 2);
    expect(at(7)?.upper).toBeCloseTo(1.15 * (1 + 1 / 7), 2);
    expect(at(7)?.lower).toBeCloseTo(1.15, 2);
  });

  it('narrows with each day and holds the recommendation', () => {
    for (let count = 1; count < 14; count++) {
      const [shorter, longer] = [at(count), at(count + 1)];
      expect(longer?.upper).toBeLessThan(shorter?.upper ?? 0);
      expect(longer?.lower).toBeGreaterThan(shorter?.lower ?? Number.POSITIVE_INFINITY);
      expect(longer?.lower).toBeLessThanOrEqual(longer?.request ?? 0);
    }
  });
});

describe('any use', () => {
  const random = randomFrom(11);
  const draw = (times = 1) =>
    Array.from({ length: 7 }, () => ({
      cores: Array.from({ length: 1 + Math.floor(random() * 40) }, () => random() ** 4 * 8 * times),
      bytes: Array.from({ length: 1 + Math.floor(random() * 5) }, () => (0.01 + random() ** 3) * 4 * gib * times),
    }));
  type Drawn = ReturnType<typeof draw>;
  const inputWith = (drawn: Drawn, times = 1) =>
    inputOf({
      days: drawn.map(({ cores: used, bytes }, day) =>
        dayOf(day, { cores: used.map((value) => value * times), bytes: bytes.map((value) => value * times) }),
      ),
    });

  it('is covered at the percentile (KRR, CPU) and at the peak (KRR, memory)', () => {
    for (let run = 0; run < 100; run++) {
      const drawn = draw();
      const samples = drawn.flatMap(({ cores: used }) => used).sort((a, b) => a - b);
      const exact = samples[Math.ceil(0.95 * samples.length - 1e-9) - 1] ?? 0;
      expect(recommendCpu(inputWith(drawn), krr)?.request).toBeGreaterThanOrEqual(exact);
      const peak = Math.max(...drawn.flatMap(({ bytes }) => bytes));
      expect(recommendMemory(inputWith(drawn), krr)?.request).toBeGreaterThanOrEqual(peak * 1.15 * (1 - 1e-9));
    }
  });

  it('is covered at the weighted percentile with the margin (VPA)', () => {
    for (let run = 0; run < 100; run++) {
      const drawn = draw();
      const request = recommendCpu(inputWith(drawn), vpa)?.request ?? 0;
      const weighted = drawn.flatMap(({ cores: used }, day) => used.map((value) => ({ value, weight: 2 ** -day })));
      const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
      const covered = weighted
        .filter(({ value }) => value * 1.15 <= request * (1 + 1e-9))
        .reduce((sum, { weight }) => sum + weight, 0);
      expect(covered / total).toBeGreaterThanOrEqual(0.9 - 1e-9);
    }
  });

  it('that is higher everywhere is never answered with less', () => {
    for (const config of [krr, vpa])
      for (let run = 0; run < 60; run++) {
        const drawn = draw();
        const times = 1 + random() * 3;
        for (const recommend of [recommendCpu, recommendMemory])
          expect(recommend(inputWith(drawn, times), config)?.request).toBeGreaterThanOrEqual(
            recommend(inputWith(drawn), config)?.request ?? Number.POSITIVE_INFINITY,
          );
      }
  });

  it('that is twice as high is answered with twice as much, within a bucket and the rounding', () => {
    for (const config of [krr, vpa])
      for (let run = 0; run < 60; run++) {
        const drawn = draw();
        for (const [recommend, least, step] of [
          [recommendCpu, 0.001, 0.001],
          [recommendMemory, mib, mib],
        ] as const) {
          const once = recommend(inputWith(drawn), config)?.request ?? 0;
          const twice = recommend(inputWith(drawn, 2), config)?.request ?? 0;
          if (once <= 3 * least) continue;
          expect(twice).toBeGreaterThanOrEqual(((once - step) * 2) / 1.05 - step);
          expect(twice).toBeLessThanOrEqual(once * 2 * 1.05 + step);
        }
      }
  });
});
