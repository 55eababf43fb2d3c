import type { Incident } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { notifierConfig } from '../config.ts';
import { incident, resolved } from '../testing/incident.ts';
import { type EscalationConfig, escalationConfig, escalationOf } from './escalation.ts';

const pagedMs = 1_000_000;
const minuteMs = 60_000;
const triage: Incident['triage'] = {
  level: 'page',
  impact: 'broad',
  severity: 'critical',
  reasons: [],
  atMs: pagedMs,
  text: 'paged',
};
const stages = (over: Partial<NonNullable<Incident['stages']>>): NonNullable<Incident['stages']> => ({
  onsetMs: 0,
  detectedMs: 0,
  pagedMs,
  acknowledgedMs: null,
  causeNamedMs: null,
  actionMs: null,
  action: '',
  recoveredMs: null,
  ...over,
});
const policy: EscalationConfig = escalationConfig.parse({
  name: 'shop',
  levels: [
    { afterMs: 0, schedules: ['primary'] },
    { afterMs: 5 * minuteMs, schedules: ['secondary'], channels: ['phone'] },
    { afterMs: 15 * minuteMs, people: ['boss'] },
  ],
  repeats: 1,
  repeatAfterMs: 30 * minuteMs,
});
/** The primary changes ten minutes after the page. */
const peopleAt = (schedule: string, atMs: number) => [
  { name: schedule === 'secondary' ? 'bob' : atMs < pagedMs + 10 * minuteMs ? 'mira' : 'ann', contact: '' },
];
const at = (afterMs: number, over: Partial<Incident> = {}, policies = [policy]) =>
  escalationOf(incident({ triage, ...over }), policies, pagedMs + afterMs, peopleAt);
const names = (people: readonly { name: string }[] = []) => people.map(({ name }) => name).join(',');
const told = (afterMs: number, over: Partial<Incident> = {}) => {
  const found = at(afterMs, over);
  const nextMs = found?.nextAtMs == null ? null : (found.nextAtMs - pagedMs) / minuteMs;
  return [found?.step, names(found?.people), names(found?.earlier), found?.channels.join(), nextMs];
};

describe('while nobody acknowledges', () => {
  it.each([
    ['the page', 0, [0, 'mira', '', '', 5]],
    ['a moment before the second level', 5 * minuteMs - 1, [0, 'mira', '', '', 5]],
    ['the second level, to the millisecond', 5 * minuteMs, [1, 'bob', 'mira', 'phone', 15]],
    ['the third', 15 * minuteMs, [2, 'boss', 'mira,bob', 'phone', 45]],
    ['the next round, by who is on call then', 45 * minuteMs, [3, 'ann', 'mira,bob,boss', 'phone', 50]],
    ['the end', 600 * minuteMs, [5, 'boss', 'mira,bob,ann', 'phone', null]],
  ] as const)('%s', (_name, afterMs, expected) => expect(told(afterMs)).toEqual(expected));
});

it('an acknowledgement stops it where it is', () => {
  const acknowledged = { status: 'acknowledged', stages: stages({ acknowledgedMs: pagedMs + 6 * minuteMs }) } as const;
  expect(told(60 * minuteMs, acknowledged)).toEqual([1, 'bob', 'mira', 'phone', null]);
});

it('a reopened incident begins anew, whatever was acknowledged before', () => {
  const again = stages({ acknowledgedMs: pagedMs + minuteMs, reopenedMs: pagedMs + 60 * minuteMs });
  expect(told(62 * minuteMs, { stages: again })).toEqual([0, 'ann', '', '', 65]);
  expect(told(90 * minuteMs, { stages: again, status: 'acknowledged' })).toEqual([0, 'ann', '', '', null]);
});

describe('nobody is told', () => {
  it('of what is over, a ticket, or what no policy matches', () => {
    const other = { ...policy, match: { service: ['other'] } };
    expect(escalationOf({ ...resolved(3), triage }, [policy], pagedMs, peopleAt)).toBeNull();
    expect(at(0, { triage: { ...triage, level: 'ticket' } })).toBeNull();
    expect(at(0, {}, [other])).toBeNull();
    expect(at(0, {}, [other, policy])?.step).toBe(0);
  });

  it('before the first level', () => {
    const later = { ...policy, levels: policy.levels.slice(1) };
    const before = at(minuteMs, {}, [later]);
    expect([before?.step, names(before?.people), before?.nextAtMs]).toEqual([0, '', pagedMs + 5 * minuteMs]);
    expect(at(5 * minuteMs, {}, [later])?.step).toBe(1);
  });
});

describe('the configuration names the field that is wrong', () => {
  const channels = [{ type: 'console', name: 'console' }];
  it.each([
    [
      'levels out of order',
      {
        levels: [
          { afterMs: 5, people: ['a'] },
          { afterMs: 5, people: ['b'] },
        ],
      },
      'levels.1.afterMs',
    ],
    ['a level that tells nobody', { levels: [{ afterMs: 0 }] }, 'levels.0'],
    ['an unknown schedule', { levels: [{ afterMs: 0, schedules: ['x'] }] }, 'levels.0.schedules.0'],
    ['an unknown channel', { levels: [{ afterMs: 0, channels: ['x'] }] }, 'levels.0.channels.0'],
  ])('%s', (_name, over, path) => {
    const { error } = notifierConfig.safeParse({ channels, escalations: [{ name: 'shop', ...over }] });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([`escalations.0.${path}`]);
  });

  it.each([
    ['a calendar without an address', { type: 'ical', name: 'a' }],
    ['a calendar with two', { type: 'ical', name: 'a', path: 'x.ics', url: 'https://x.example/y' }],
  ])('%s', (_name, schedule) => {
    const { error } = notifierConfig.safeParse({ channels, schedules: [schedule] });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual(['schedules.0.path']);
  });
});

it('wakes nobody for a test, unless a real incident took it in', () => {
  expect(at(0, { environments: ['faultline-test'] })).toBeNull();
  expect(at(0, { environments: ['faultline-test', 'production'] })?.people).toHaveLength(1);
});
