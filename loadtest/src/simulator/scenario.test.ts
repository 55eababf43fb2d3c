import { describe, expect, it } from 'vitest';
import { isBlindCase, parseSeeds } from '../case/seeds.ts';
import { generateCase, truthOf } from './generated.ts';
import { drawPlot, familyNames } from './scenario.ts';
import { playPlot } from './timeline.ts';

describe('drawPlot', () => {
  it('has a place for every family', () => {
    for (const family of new Set(familyNames)) {
      const plot = drawPlot(3, family);
      expect(plot.system.services.length).toBeGreaterThanOrEqual(8);
      expect(plot.system.services.length).toBeLessThanOrEqual(60);
      const truth = truthOf(plot, 'x');
      const isQuiet = family === 'false-alert' || family === 'flapping';
      expect(truth.services.length > 0, family).toBe(!isQuiet);
      expect(truth.overlapping.length, family).toBe(family === 'two-faults' ? 2 : 0);
    }
  });

  it('keeps the guilty change and the innocent ones apart', () => {
    const truth = truthOf(drawPlot(5, 'error'), 'x');
    expect(truth.change).toMatch(/^Deployed /);
    expect(truth.innocent).not.toContain(truth.change);
    expect(truthOf(drawPlot(5, 'innocent'), 'x')).toMatchObject({ change: null });
    expect(truthOf(drawPlot(5, 'innocent'), 'x').innocent.length).toBeGreaterThan(0);
  });

  it('overlapping faults are in separate parts', () => {
    for (const seed of [1, 2, 3]) {
      const [first, second] = drawPlot(seed, 'two-faults').stories;
      expect(first?.services).not.toEqual(second?.services);
    }
  });
});

describe('playPlot', () => {
  it('sends nothing from after its end, and alerts only once something is wrong', () => {
    const plot = drawPlot(11, 'latency');
    const { spans, logs, points, alerts, untilMs } = playPlot(plot);
    for (const { endMs } of spans) expect(endMs).toBeLessThanOrEqual(untilMs);
    for (const { atMs } of [...logs, ...points]) expect(atMs).toBeLessThanOrEqual(untilMs);
    expect(alerts.some(({ atMs }) => atMs > plot.onsetMs)).toBe(true);
    expect(untilMs - plot.onsetMs).toBeLessThanOrEqual(11 * 60_000);
  });

  it('a blackout takes the telemetry and leaves the work', () => {
    const plot = drawPlot(18, 'blackout');
    const dark = plot.stories[0]?.services[0];
    const { spans, alerts } = playPlot(plot);
    const after = spans.filter(({ startMs }) => startMs > plot.onsetMs + 1000);
    expect(after.filter(({ sender }) => sender.service === dark)).toEqual([]);
    expect(after.length).toBeGreaterThan(100);
    expect(alerts.map(({ name }) => name)).toContain('TelemetryAbsent');
  });

  it('a surge brings more requests', () => {
    const plot = drawPlot(19, 'traffic');
    const { spans, untilMs } = playPlot(plot);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
    const rate = (fromMs: number, toMs: number): number =>
      roots.filter(({ startMs }) => startMs >= fromMs && startMs < toMs).length / (toMs - fromMs);
    expect(rate(plot.onsetMs + 30_000, untilMs)).toBeGreaterThan(2 * rate(plot.onsetMs - 300_000, plot.onsetMs));
  });
});

it('the same seed is the same case, to the byte', async () => {
  const bytes = async (): Promise<string> => {
    const one = generateCase(7);
    const requests: object[] = [];
    for (const { requests: stream } of one.streams(0)) for await (const request of stream) requests.push(request);
    return JSON.stringify([requests, one.alerts(0), one.changes(0), one.truth]);
  };
  expect(await bytes()).toBe(await bytes());
});

it('seeds are lists of ranges, and those of evaluations are apart', () => {
  expect(parseSeeds('1-3,7')).toEqual([1, 2, 3, 7]);
  expect(() => parseSeeds('3-1')).toThrow(/expected seeds/);
  expect(isBlindCase(generateCase(5001).name)).toBe(true);
  expect(isBlindCase('generated-silent-hop-0999')).toBe(false);
  expect(isBlindCase('other-6000')).toBe(false);
});
