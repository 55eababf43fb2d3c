import { describe, expect, it } from 'vitest';
import { isHeldOutCase, parseSeeds } from '../case/seeds.ts';
import { generateCase, truthOf } from './cases/generate-case.ts';
import { drawScenario, familyNames } from './scenario.ts';
import { simulateTimeline } from './timeline.ts';

describe('drawScenario', () => {
  it('finds a target for every family', () => {
    for (const family of new Set(familyNames)) {
      const scenario = drawScenario(3, family);
      expect(scenario.system.services.length).toBeGreaterThanOrEqual(8);
      expect(scenario.system.services.length).toBeLessThanOrEqual(60);
      const truth = truthOf(scenario, 'x');
      const isQuiet = family === 'false-alert' || family === 'flapping';
      expect(truth.services.length > 0, family).toBe(!isQuiet);
      expect(truth.overlapping.length, family).toBe(family === 'two-faults' ? 2 : 0);
    }
  });

  it('separates the guilty change from innocent ones', () => {
    const truth = truthOf(drawScenario(5, 'error'), 'x');
    expect(truth.change).toMatch(/^Deployed /);
    expect(truth.innocent).not.toContain(truth.change);
    expect(truthOf(drawScenario(5, 'innocent'), 'x')).toMatchObject({ change: null });
    expect(truthOf(drawScenario(5, 'innocent'), 'x').innocent.length).toBeGreaterThan(0);
  });

  it('two faults are in unconnected services', () => {
    for (const seed of [1, 2, 3]) {
      const [first, second] = drawScenario(seed, 'two-faults').faults;
      expect(first?.services).not.toEqual(second?.services);
    }
  });
});

describe('simulateTimeline', () => {
  it('sends nothing after its end, and alerts only after the onset', () => {
    const scenario = drawScenario(11, 'latency');
    const { spans, logs, points, alerts, untilMs } = simulateTimeline(scenario);
    for (const { endMs } of spans) expect(endMs).toBeLessThanOrEqual(untilMs);
    for (const { atMs } of [...logs, ...points]) expect(atMs).toBeLessThanOrEqual(untilMs);
    expect(alerts.some(({ atMs }) => atMs > scenario.onsetMs)).toBe(true);
    expect(untilMs - scenario.onsetMs).toBeLessThanOrEqual(11 * 60_000);
  });

  it('a blackout drops the telemetry and keeps the service working', () => {
    const scenario = drawScenario(18, 'blackout');
    const dark = scenario.faults[0]?.services[0];
    const { spans, alerts } = simulateTimeline(scenario);
    const after = spans.filter(({ startMs }) => startMs > scenario.onsetMs + 1000);
    expect(after.filter(({ sender }) => sender.service === dark)).toEqual([]);
    expect(after.length).toBeGreaterThan(100);
    expect(alerts.map(({ name }) => name)).toContain('TelemetryAbsent');
  });

  it('a surge has more requests', () => {
    const scenario = drawScenario(19, 'traffic');
    const { spans, untilMs } = simulateTimeline(scenario);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
    const rate = (fromMs: number, toMs: number): number =>
      roots.filter(({ startMs }) => startMs >= fromMs && startMs < toMs).length / (toMs - fromMs);
    expect(rate(scenario.onsetMs + 30_000, untilMs)).toBeGreaterThan(
      2 * rate(scenario.onsetMs - 300_000, scenario.onsetMs),
    );
  });
});

it('the same seed gives the same bytes', async () => {
  const bytes = async (): Promise<string> => {
    const one = generateCase(7);
    const requests: object[] = [];
    for (const { requests: stream } of one.streams(0)) for await (const request of stream) requests.push(request);
    return JSON.stringify([requests, one.alerts(0), one.changes(0), one.truth]);
  };
  expect(await bytes()).toBe(await bytes());
});

it('parses lists of ranges, and knows the held-out seeds', () => {
  expect(parseSeeds('1-3,7')).toEqual([1, 2, 3, 7]);
  expect(() => parseSeeds('3-1')).toThrow(/expected seeds/);
  expect(isHeldOutCase(generateCase(5001).name)).toBe(true);
  expect(isHeldOutCase('generated-silent-hop-0999')).toBe(false);
  expect(isHeldOutCase('other-6000')).toBe(false);
});
