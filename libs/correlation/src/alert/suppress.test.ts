import { describe, expect, it } from 'vitest';
import type { SuppressRule } from '../state/config.ts';
import { newRecord } from '../testing/record.ts';
import { matchesLabels, suppressedBy } from './suppress.ts';

const alert = newRecord({ labels: { team: 'shop', service: 'from-label' }, startsAtMs: 100 });
const rule = (over: Partial<SuppressRule>): SuppressRule => ({
  name: 'noise',
  match: {},
  fromMs: null,
  untilMs: null,
  ...over,
});

it.each([
  ['a label', { team: 'shop' }, true],
  ['its name as `alertname`', { alertname: 'Slow' }, true],
  ['its source', { source: 'am' }, true],
  ['an entity', { service: 'db' }, true],
  ['an entity is stronger than a label of the same name', { service: 'from-label' }, false],
  ['every label must match', { team: 'shop', alertname: 'Other' }, false],
  ['a label that the alert lacks', { region: 'north' }, false],
  ['a part of a value is no match', { team: 'sho' }, false],
  ['a rule without labels matches everything', {}, true],
] as const)('a match by %s', (_what, match, matches) => {
  expect(matchesLabels(match, alert)).toBe(matches);
});

describe('a suppression rule', () => {
  it.each([
    ['at the start of its window', { fromMs: 100, untilMs: 200 }, true],
    ['at the end of its window', { fromMs: 0, untilMs: 100 }, false],
    ['before its window', { fromMs: 101, untilMs: null }, false],
    ['without limits', {}, true],
  ])('%s', (_what, window, applies) => {
    expect(suppressedBy([rule(window)], alert) !== null).toBe(applies);
  });

  it('the first one that applies is named', () => {
    const rules = [rule({ name: 'other', match: { team: 'x' } }), rule({ name: 'first' }), rule({ name: 'second' })];
    expect(suppressedBy(rules, alert)?.name).toBe('first');
  });
});

it('a heartbeat never pages, though no rule names it', () => {
  expect(suppressedBy([], newRecord({ name: 'Watchdog' }))).not.toBeNull();
  expect(suppressedBy([], alert)).toBeNull();
});
