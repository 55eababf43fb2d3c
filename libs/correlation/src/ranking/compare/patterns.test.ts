import type { ChildRow, EvidenceResult, OperationRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { groupRows } from '../rows/groups.ts';
import { foldOperations } from './calls.ts';
import { foldSteps } from './patterns.ts';

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

it('a call whose trace is still open is not a call without its steps', () => {
  const slices = [0, 1].map((slice) => ({ fromMs: slice * 1000, toMs: (slice + 1) * 1000 }));
  const answer: EvidenceResult = {
    questionId: 'q',
    incidentId: 'i',
    slices,
    watermarks: { spans: 0, logs: 0, metrics: 0 },
    settled: false,
    missing: [],
    operations: [operation(0, 100, 100), operation(1, 100, 60)],
    edges: [],
    templates: [],
    children: [child(0, 100), child(1, 60)],
    series: [],
    presence: [],
    past: [],
  };
  const groups = groupRows(answer);
  const [step] = foldSteps(groups, [false, true], {
    operations: foldOperations(groups, [false, true]),
    atAlert: [false, true],
  });
  expect(step).toMatchObject({ before: { spans: 100, of: 100 }, during: { spans: 60, of: 60 } });
});
