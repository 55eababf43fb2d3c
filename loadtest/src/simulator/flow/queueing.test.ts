import { describe, expect, it } from 'vitest';
import { queueUp, stretchAt } from './queueing.ts';

const load = (utilisation: number, more: object = {}) => ({
  slots: 4,
  arrivalsPerMs: (utilisation * 4) / 10,
  holdMs: 10,
  stepMs: 5_000,
  maxWaitMs: 4_000,
  ...more,
});

describe('queueUp', () => {
  it('waits grow with utilisation', () => {
    const waits = [0.3, 0.6, 0.9].map((utilisation) => queueUp(load(utilisation), 0).waitMs);
    expect(waits[0]).toBeLessThan(1);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    expect(waits[2]).toBeGreaterThan(10);
  });

  it('agrees with the exact mean wait of M/M/1', () => {
    const { waitMs } = queueUp({ slots: 1, arrivalsPerMs: 0.05, holdMs: 10, stepMs: 5_000, maxWaitMs: 4_000 }, 0);
    expect(waitMs).toBeCloseTo(10, 5);
  });

  it('a backlog grows under overload and drains afterwards', () => {
    const over = queueUp(load(1.5, { maxWaitMs: Number.POSITIVE_INFINITY }), 0);
    expect(over.backlog).toBeCloseTo(0.5 * 0.4 * 5_000);
    expect(queueUp(load(0.5, { maxWaitMs: Number.POSITIVE_INFINITY }), over.backlog).backlog).toBe(0);
  });

  it('rejects calls that would wait too long', () => {
    let backlog = 0;
    for (let step = 0; step < 10; step++) backlog = queueUp(load(2), backlog).backlog;
    const { rejected, waitMs } = queueUp(load(2), backlog);
    expect(rejected).toBeCloseTo(0.5, 1);
    expect(waitMs).toBeLessThan(4_200);
  });

  it('rejects everything without slots', () => {
    expect(queueUp(load(0.1, { slots: 0 }), 0).rejected).toBe(1);
  });
});

it('the CPU stretch is small at low utilisation and large near 1', () => {
  expect(stretchAt(0.3)).toBeLessThan(1.05);
  expect(stretchAt(0.95)).toBeGreaterThan(10);
  expect(stretchAt(3)).toBe(stretchAt(0.97));
});
