import type { Hypothesis, JudgedChange } from '@faultline/model';
import { expect, it } from 'vitest';
import { blameChange } from '../incident/blame.ts';
import { nextQueryMs } from '../incident/query.ts';
import type { Ranking } from '../ranking/input/ranking.ts';
import { defaultCoreConfig } from '../state/config.ts';
import type { AlertState, IncidentState } from '../state/state.ts';
import { membersFrom } from '../testing/members.ts';
import { timelineOf } from './timeline.ts';
import { timelineEntry } from './words/event.ts';

const member = (service: string, startsAtMs: number, endsAtMs: number | null = null) =>
  ({
    name: 'Slow',
    entities: service === '' ? {} : { service },
    status: endsAtMs === null ? 'firing' : 'resolved',
    startsAtMs,
    endsAtMs,
  }) as AlertState;
const quiet = { ranking: { timeline: [], changes: [] }, history: [] };
const textsOf = (members: readonly AlertState[]) =>
  timelineOf({ ...quiet, events: membersFrom(members).events }).map(({ text }) => text);

it('few alerts have a line each, many of one minute are one line', () => {
  expect(textsOf([member('a', 1), member('b', 2), member('', 3)])).toEqual([
    'Slow on a fires',
    'Slow on b fires',
    'Slow fires',
  ]);
  const storm = Array.from({ length: 10 }, (_, n) => member(`s${n % 4}`, n * 1000, n < 5 ? 600_000 + n : null));
  expect(textsOf(storm)).toEqual([
    '10 alerts on 4 services fire, Slow first',
    '5 alerts on 4 services resolved, Slow first',
  ]);
  expect(textsOf(storm.map((alert) => ({ ...alert, entities: { service: 'db' } })))[0]).toBe(
    '10 alerts on db fire, Slow first',
  );
});

it('stays short however long it goes on, and counts every alert', () => {
  const members = Array.from({ length: 1000 }, (_, n) => member('a', n * 120_000));
  const history = Array.from({ length: 100 }, (_, n) => ({ atMs: n, kind: 'note', text: `note ${n}` }));
  const ranking = { timeline: [], changes: Array.from({ length: 50 }, (_, n) => change(`c${n}`, 'suspect')) };
  const timeline = timelineOf({ events: membersFrom(members).events, history, ranking });
  expect(timeline.length).toBeLessThanOrEqual(100);
  expect(timeline.filter(({ kind }) => kind === 'note').at(-1)?.text).toBe('note 99');
  const counted = timeline.filter(({ kind }) => kind === 'alert').map(({ text }) => Number.parseInt(text, 10));
  expect(counted.reduce((a, b) => a + b, 0)).toBe(1000);
});

const change = (id: string, verdict: JudgedChange['verdict']) =>
  ({ id, verdict, summary: `deploy ${id}`, actor: 'ci', startedAtMs: 5 }) as JudgedChange;

it('what changed is in it when it is under suspicion, at its own time, and when the harm began', () => {
  const ranking = {
    timeline: [{ atMs: 7, kind: 'onset', text: 'db slows down' }],
    changes: [change('db', 'suspect'), change('web', 'innocent')],
  };
  expect(timelineOf({ events: membersFrom([member('a', 9)]).events, history: [], ranking })).toEqual([
    { atMs: 5, kind: 'change', text: 'deploy db, by ci: suspected' },
    { atMs: 7, kind: 'onset', text: 'db slows down' },
    { atMs: 9, kind: 'alert', text: 'Slow on a fires' },
  ]);
});

const judged = (service: string, probability: number, verdict: Ranking['verdict'] = 'identified') => {
  const evidence = [
    { weight: -1, summary: 'traffic rose' },
    { weight: 2, summary: `${service} errs by itself` },
  ];
  return {
    verdict,
    hypotheses: [{ cause: { service, instance: '', kind: 'error' }, probability, evidence } as unknown as Hypothesis],
  };
};

it.each([
  [null, judged('db', 0.8), 'likely cause: db returning errors (80 %): db errs by itself'],
  [judged('db', 0.8), judged('db', 0.6), null],
  [
    judged('db', 0.8),
    judged('web', 0.7),
    'cause changed from db returning errors (80 %) to web returning errors (70 %): web errs by itself',
  ],
  [
    judged('db', 0.8),
    judged('db', 0.3, 'inconclusive'),
    'db is no longer the likely cause: the evidence is inconclusive',
  ],
  [null, judged('db', 0.3, 'inconclusive'), null],
])('revision %#', (before, now, text) => {
  const event = blameChange(before, now);
  expect(event === null ? null : timelineEntry({ atMs: 0, event }).text).toBe(text);
});

it.each([
  ['on the schedule', 10_000, 15_000],
  ['after it, every five minutes', 600_000, 900_000],
  ['after a day, every hour', 86_400_000, 86_400_000 + 3_600_000],
])('evidence is asked again while alerts fire: %s', (_, atMs, expected) => {
  const incident = { scheduleFromMs: 0, quietSinceMs: null, retry: null } as IncidentState;
  expect(nextQueryMs(incident, defaultCoreConfig, atMs)).toBe(expected);
});

it('evidence is not asked again by itself when that is turned off', () => {
  const incident = { scheduleFromMs: 0, quietSinceMs: null, retry: null } as IncidentState;
  expect(nextQueryMs(incident, { ...defaultCoreConfig, steadyAskMs: 0 }, 600_000)).toBeNull();
});
