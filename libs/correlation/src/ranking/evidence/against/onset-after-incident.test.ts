import { expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { busy, suspectOf } from '../../testing/suspect.ts';
import { onsetAfterIncident } from './onset-after-incident.ts';

const { onset } = compareRows({});
const found = (lateMs: number, isSeen = true) =>
  onsetAfterIncident.find(
    suspectOf({}, [busy], { onset: { ...onset, isSeen }, onsetOf: () => onset.duringFromMs + lateMs }),
  );

it('is that a service shifted more than a slice after the incident began; a minute more is half of a proof', () => {
  expect(found(30_000)).toEqual([]);
  expect(found(90_000)).toMatchObject([{ strength: -0.5 }]);
  expect(found(90_000)[0]?.summary).toContain('90 s after');
});

it('refers to the rows that showed the shift', () => {
  expect(found(90_000)[0]?.reference).toEqual(busy.reference);
});

it('says nothing where the onset is only guessed', () => expect(found(90_000, false)).toEqual([]));
