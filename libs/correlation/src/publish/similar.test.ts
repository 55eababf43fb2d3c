import type { PastIncidentRow, PastRemediation } from '@faultline/model';
import { expect, it } from 'vitest';
import { findSimilar } from './similar.ts';

const past = (over: Partial<PastIncidentRow>): PastIncidentRow => ({
  incidentId: 'a',
  causeService: '',
  causeKind: '',
  alertNames: [],
  services: [],
  startedAtMs: 0,
  resolvedAtMs: 60_000,
  resolution: '',
  ...over,
});
const current = [
  'cause db',
  'kind pool',
  'path orders',
  'path web',
  'log pool exhausted',
  'change deploy',
  'alert Slow',
];
const compare = (traits: readonly string[], own: readonly string[] = current) =>
  findSimilar(own, [past({ traits })])[0];

it.each([
  ['all facts', current, 1, ['cause', 'kind', 'path', 'log', 'change', 'alert']],
  ["the cause's name alone is too little", ['cause db', 'kind disk', 'alert Full'], null, []],
  ['the name alone is too little even when nothing else is known', ['cause db'], null, []],
  [
    'the same kind and log lines of another service',
    ['cause cache', 'kind pool', 'log pool exhausted'],
    0.47,
    ['kind', 'log'],
  ],
  ['half of the path', ['cause db', 'kind pool', 'path orders'], 0.57, ['cause', 'kind', 'path']],
  ['nothing at all', ['alert Other'], null, []],
])('%s', (_what, traits, similarity, shared) => {
  const found = compare(traits);
  expect(found?.similarity ?? null).toBe(similarity);
  expect(found?.shared ?? []).toEqual(shared);
});

it('before a cause is known, the same alerts are enough', () => {
  expect(compare(current, ['alert Slow'])?.shared).toEqual(['alert']);
  expect(compare(current, ['alert Slow', 'alert Other', 'alert Third'])).toBeUndefined();
});

it('a trait of a class that only a later release knows is ignored', () => {
  expect(compare(['cause db', 'kind pool', 'weather rain'], ['cause db', 'kind pool'])?.similarity).toBe(1);
});

it('a row of an older release is compared by its columns', () => {
  const row = past({ causeService: 'db', causeKind: 'pool', alertNames: ['Slow'] });
  expect(findSimilar(current, [row])[0]?.shared).toEqual(['cause', 'kind', 'alert']);
});

it('two incidents without a known cause do not have the same one', () => {
  expect(findSimilar([], [past({})])).toEqual([]);
});

it('at most three, among equals the newest and then by id', () => {
  const rows = [
    past({ incidentId: 'old', traits: current, resolvedAtMs: 1 }),
    past({ incidentId: 'b', traits: current }),
    past({ incidentId: 'a', traits: current }),
    past({ incidentId: 'newest', traits: current, resolvedAtMs: 70_000 }),
  ];
  expect(findSimilar(current, rows).map(({ incidentId }) => incidentId)).toEqual(['newest', 'a', 'b']);
});

it('an end before the start, by two clocks, is a recovery of no time', () => {
  const [found] = findSimilar(current, [past({ traits: current, startedAtMs: 90_000 })]);
  expect(found?.minutesToRecovery).toBe(0);
});

it('what worked last comes first, then what did not help', () => {
  const done = (target: string, worked: boolean): PastRemediation => ({
    kind: 'restarted',
    target,
    worked,
    minutes: 6,
  });
  const remediations = [done('a', true), done('b', false), done('c', true)];
  const [found] = findSimilar(current, [past({ traits: current, remediations })]);
  expect(found?.remediations?.map(({ target }) => target)).toEqual(['c', 'a', 'b']);
  expect(found?.resolvedAtMs).toBe(60_000);
});
