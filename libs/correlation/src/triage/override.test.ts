import { describe, expect, it } from 'vitest';
import type { OverrideRule } from '../state/config.ts';
import { newAlert } from '../testing/played.ts';
import { activeOverride, heldBack } from './override.ts';

const rule: OverrideRule = {
  name: 'db upgrade',
  owner: 'storage',
  match: { service: 'db' },
  level: 'ticket',
  windows: [
    { fromMs: 100, untilMs: 200 },
    { fromMs: 300, untilMs: 400 },
  ],
};
const members = (...services: readonly string[]) => ({
  keys: new Set(services.map((_, n) => String(n))),
  first: () => services.map((service) => newAlert({ service })),
});

describe('a rule applies', () => {
  it.each([
    ['before its window', 99, ['db'], null],
    ['from the start of its window', 100, ['db'], 200],
    ['until the end, exclusive', 200, ['db'], null],
    ['in the next window', 399, ['db', 'db'], 400],
    ['unless one alert is about something else', 150, ['db', 'cart'], null],
  ] as const)('%s', (_name, atMs, services, untilMs) => {
    expect(activeOverride([rule], members(...services), atMs)?.untilMs ?? null).toBe(untilMs);
  });

  it('but not to an incident of more than 100 alerts', () => {
    expect(activeOverride([rule], members(...Array.from({ length: 101 }, () => 'db')), 150)).toBeNull();
  });
});

it('a rule lowers a level, says so, and never raises one', () => {
  const decided = { impact: 'broad', severity: 'critical', reasons: [{ code: 'reach', detail: '3' }] } as const;
  const page = heldBack({ ...decided, level: 'page' }, rule);
  expect([page.level, page.reasons[0]]).toEqual(['ticket', { code: 'held', detail: 'db upgrade (owner storage)' }]);
  const log = { ...decided, level: 'log' } as const;
  expect(heldBack(log, rule)).toBe(log);
});
