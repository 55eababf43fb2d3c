import { type ChildRow, emptyEvidenceResult, type OperationRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { groupRows } from '../rows/groups.ts';
import { compareOperations } from './calls.ts';
import { comparePatterns } from './patterns.ts';

const operation = (slice: number, calls: number, settledCalls: number): OperationRow => ({
  slice,
  service: 'stock',
  instance: 'stock-1',
  operation: 'Get',
  kind: 'server',
  version: '',
  calls,
  errors: 0,
  ownErrors: 0,
  duration: [],
  settledCalls,
  self: [],
});
const child = (slice: number, spans: number): ChildRow => ({
  slice,
  service: 'stock',
  operation: 'Get',
  childService: 'stock',
  childOperation: 'SELECT',
  spans,
  calls: spans,
  errors: 0,
});

it('a call whose trace is still open is not a call without its children', () => {
  const slices = [0, 1].map((slice) => ({ fromMs: slice * 1000, toMs: (slice + 1) * 1000 }));
  const answer = {
    ...emptyEvidenceResult,
    slices,
    operations: [operation(0, 100, 100), operation(1, 100, 60)],
    children: [child(0, 100), child(1, 60)],
  };
  const groups = groupRows(answer);
  const windows = ['baseline', 'incident'] as const;
  const [pattern] = comparePatterns(groups, windows, {
    operations: compareOperations(groups, windows),
    atAlert: [false, true],
  });
  expect(pattern).toMatchObject({ before: { spans: 100, of: 100 }, during: { spans: 60, of: 60 } });
});
