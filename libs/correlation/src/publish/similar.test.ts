import type { PastIncidentRow } from '@faultline/model';
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
const input = { causeService: 'db', causeKind: 'pool', alertNames: new Set(['Slow', 'Errors']) };
const similarityOf = (over: Partial<PastIncidentRow>, current = input) =>
  findSimilar(current, [past(over)])[0]?.similarity ?? null;

it.each([
  ['the same cause alone', { causeService: 'db' }, 0.5],
  ['the same kind of cause alone is too little', { causeKind: 'pool' }, null],
  ['the same alerts alone', { alertNames: ['Errors', 'Slow'] }, 0.3],
  ['a part of the alerts counts by its share of all', { causeService: 'db', alertNames: ['Slow', 'Other'] }, 0.6],
])('%s', (_what, row, similarity) => expect(similarityOf(row)).toBe(similarity));

it('two incidents without a known cause do not have the same one', () => {
  expect(similarityOf({}, { causeService: '', causeKind: '', alertNames: new Set() })).toBeNull();
});

it('at most three, among equals the newest and then by id', () => {
  const rows = [
    past({ incidentId: 'old', causeService: 'db', resolvedAtMs: 1 }),
    past({ incidentId: 'b', causeService: 'db' }),
    past({ incidentId: 'a', causeService: 'db' }),
    past({ incidentId: 'newest', causeService: 'db', resolvedAtMs: 70_000 }),
  ];
  expect(findSimilar(input, rows).map(({ incidentId }) => incidentId)).toEqual(['newest', 'a', 'b']);
});

it('an end before the start, by two clocks, is a recovery of no time', () => {
  const [found] = findSimilar(input, [past({ causeService: 'db', startedAtMs: 90_000 })]);
  expect(found?.minutesToRecovery).toBe(0);
});
