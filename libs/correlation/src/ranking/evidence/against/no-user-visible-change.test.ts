import { expect, it } from 'vitest';
import { finding } from '../../testing/evidence.ts';
import { edge, operation, type Rows } from '../../testing/fixture.ts';
import { busy, suspectOf } from '../../testing/suspect.ts';
import { selfTime } from '../self-time.ts';
import { traffic } from '../traffic.ts';
import { noUserVisibleChange } from './no-user-visible-change.ts';

const rows = (during: number, calls: readonly [number, number] = [500, 100]): Rows => ({
  operations: operation({ service: 'api', total: [30, during], self: [5, 5], calls }),
  edges: edge({ from: 'web', to: 'api', total: [30, during] }),
});

it('is that a service answers as before, whatever its processor did', () => {
  expect(noUserVisibleChange.find(suspectOf(rows(30)))).toMatchObject([
    { strength: -1, before: '28.8 ms, 0 % failing' },
  ]);
  expect(noUserVisibleChange.find(suspectOf(rows(330)))).toEqual([]);
});

it('needs enough calls to see a change', () => {
  expect(noUserVisibleChange.find(suspectOf(rows(30, [500, 40])))).toEqual([]);
});

it('says nothing where the support is visible to callers, unless it is weak', () => {
  const slow = (strength: number) => finding({ traits: selfTime.traits, strength });
  expect(noUserVisibleChange.find(suspectOf(rows(30), [busy, slow(0.5)]))).toEqual([]);
  expect(noUserVisibleChange.find(suspectOf(rows(30), [busy, slow(0.05)]))).toHaveLength(1);
});

it('says nothing where only a part may be hit', () => {
  expect(noUserVisibleChange.find(suspectOf(rows(30), [busy, finding({ traits: traffic.traits })]))).toEqual([]);
});
