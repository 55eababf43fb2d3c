import type { EvidenceQuery } from '@faultline/model';
import { expect, it } from 'vitest';
import { QueryQueue } from './query-queue.ts';

const query = (n: number, deadlineMs = 100) =>
  ({ id: `q${n}-${deadlineMs}`, incidentId: `i${n}`, deadlineMs }) as EvidenceQuery;
const idsOf = (questions: readonly EvidenceQuery[]) => questions.map(({ incidentId }) => incidentId);

it('asks a few at a time, and the next when one has ended', () => {
  const queue = new QueryQueue();
  for (let n = 0; n < 20; n += 1) queue.add(query(n));
  expect(queue.next(0)).toHaveLength(8);
  expect(queue.next(0)).toEqual([]);
  queue.ended();
  expect(idsOf(queue.next(0))).toEqual(['i8']);
  expect(queue.size).toBe(11);
});

it('drops what is too late, and lets nobody wait for ever', () => {
  const queue = new QueryQueue();
  for (let n = 0; n < 20; n += 1) queue.add(query(n));
  const first = idsOf(queue.next(0));
  expect(queue.next(101)).toEqual([]);
  for (const _ of first) queue.ended();
  expect(queue.next(101)).toEqual([]);
  expect(queue.size).toBe(0);
  for (let n = 0; n < 20; n += 1) queue.add(query(n, 200));
  const second = idsOf(queue.next(150));
  expect(second.filter((id) => first.includes(id))).toEqual([]);
});
