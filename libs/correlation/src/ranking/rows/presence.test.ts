import { describe, expect, it } from 'vitest';
import { presence } from '../testing/fixture.ts';
import { isSilent, lastSignMs, silenceMs } from './presence.ts';

const watermarks = { spans: 500_000, metrics: 480_000, logs: 490_000 };
const seen = (lastSpanMs: number, lastMetricMs = 0, lastLogMs = 0) => ({
  ...presence('api', lastSpanMs),
  lastMetricMs,
  lastLogMs,
});

describe('silence', () => {
  it('is the lag behind the newest data of the same signal', () => {
    expect(silenceMs(seen(440_000), watermarks)).toBe(60_000);
    expect(silenceMs(seen(0, 440_000), watermarks)).toBe(40_000);
  });

  it('is as short as the signal that still arrives', () => {
    expect(silenceMs(seen(100_000, 100_000, 485_000), watermarks)).toBe(5_000);
  });

  it('does not count spans that stand still everywhere, where metrics go on', () => {
    const withoutSpans = { ...watermarks, spans: 100_000 };
    expect(silenceMs(seen(100_000, 180_000), withoutSpans)).toBe(300_000);
    expect(silenceMs(seen(100_000, 0, 180_000), withoutSpans)).toBe(0);
  });

  it('is not known from a signal that stands still everywhere', () => {
    expect(silenceMs(seen(200_000, 100_000), { ...watermarks, metrics: 100_000 })).toBe(0);
  });

  it('is not cut short by a signal that nobody ever sent', () => {
    expect(silenceMs(seen(100_000), { ...watermarks, logs: 0, metrics: 0 })).toBe(400_000);
  });

  it('begins after a minute and a half', () => {
    expect(isSilent(seen(410_001), watermarks)).toBe(false);
    expect(isSilent(seen(410_000), watermarks)).toBe(true);
  });
});

it('the last sign of life is the latest of any signal', () => {
  expect([lastSignMs(seen(3, 2, 1)), lastSignMs(seen(1, 3, 2)), lastSignMs(seen(1, 2, 3))]).toEqual([3, 3, 3]);
});
