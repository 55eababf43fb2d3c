import type { Incident } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../page/page.ts';
import { incident, resolved } from '../testing/incident.ts';
import { dependsOnTime, type PlanRules, planOf } from './plan.ts';
import { routeRuleConfig, routeRuleOf } from './route-rule.ts';

const pagedMs = Date.UTC(2026, 11, 1, 22, 30);
const hourMs = 3_600_000;
const triage: Incident['triage'] = {
  level: 'page',
  impact: 'broad',
  severity: 'critical',
  reasons: [],
  atMs: pagedMs,
  text: 'paged',
};
const quiet = {
  name: 'quiet hours',
  owner: 'shop',
  expiresAt: '2027-01-01T00:00:00Z',
  start: '2026-12-01T22:00:00',
  durationMs: 8 * hourMs,
  rrule: 'FREQ=DAILY',
  channels: ['night'],
};
const rules = (...configs: object[]): PlanRules => ({
  routes: [],
  routeRules: configs.map((config) => routeRuleOf(routeRuleConfig.parse(config))),
  escalations: [],
  defaults: ['day'],
  takes: () => true,
  peopleAt: () => [],
});
const plan = (afterMs: number, by = rules(quiet), over: Partial<Incident> = {}) => {
  const { channels, nextAtMs } = planOf(incident({ triage, ...over }), pagedMs + afterMs, by);
  return [channels.join(), nextAtMs === null ? null : (nextAtMs - pagedMs) / hourMs];
};

describe('a rule sends what is paged in its window elsewhere', () => {
  it.each([
    ['in the window', 0, rules(quiet), {}, ['night', 7.5]],
    ['until its end', 7.5 * hourMs - 1, rules(quiet), {}, ['night', 7.5]],
    ['what is still open then goes to the usual channels, too', 7.5 * hourMs, rules(quiet), {}, ['day,night', null]],
    ['what is over by then does not wait', 0, rules(quiet), { status: 'resolved' }, ['night', null]],
    ['both at once', 0, rules({ ...quiet, mode: 'also' }), {}, ['day,night', null]],
    ['unless it does not match', 0, rules({ ...quiet, match: { severity: ['info'] } }), {}, ['day', null]],
    ['unless it was paged before', 0, rules(quiet), { triage: { ...triage, atMs: pagedMs - hourMs } }, ['day', null]],
    ['unless it has expired', 0, rules({ ...quiet, expiresAt: '2026-12-01T22:30:00Z' }), {}, ['day', null]],
    ['the first rule counts', 0, rules(quiet, { ...quiet, channels: ['other'] }), {}, ['night', 7.5]],
  ] as const)('%s', (_name, afterMs, by, over, expected) => expect(plan(afterMs, by, over)).toEqual(expected));

  it('never loses a page: a channel that takes no pages gets it all the same', () => {
    expect(plan(0, { ...rules(quiet), takes: (name) => name === 'nobody' })[0]).toBe('night');
  });

  it('does not move because a later revision comes in the next window', () => {
    expect(plan(25 * hourMs, rules({ ...quiet, durationMs: hourMs }))).toEqual(['day,night', null]);
  });

  it('the page says so', () => {
    const routing = (afterMs: number, by = rules(quiet)) => {
      const { context } = planOf(incident({ triage }), pagedMs + afterMs, by);
      return renderPage(incident({ triage }), { publicUrl: 'http://f', timeZone: 'UTC' }, context).routing;
    };
    expect(routing(0)).toBe('Goes to night by the rule quiet hours (owner shop)');
    expect(routing(8 * hourMs)).toBe('Went first to night by the rule quiet hours (owner shop)');
    expect(routing(0, rules({ ...quiet, mode: 'also' }))).toContain('Goes also to night');
    expect(routing(0, rules())).toBe('');
  });
});

it('only what time changes is watched', () => {
  expect(dependsOnTime(rules())).toBe(false);
  expect(dependsOnTime(rules({ ...quiet, mode: 'also' }))).toBe(false);
  expect(dependsOnTime(rules(quiet))).toBe(true);
  expect(planOf(resolved(3), pagedMs, rules(quiet)).hasChanged).toBe(false);
  expect(planOf(incident({ triage }), pagedMs + 8 * hourMs, rules(quiet)).hasChanged).toBe(true);
});
