import { type ChildRow, emptyEvidenceResult, type OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../rows/groups.ts';
import { compareRows } from '../testing/evidence.ts';
import { child as childOf, line, operation as operationOf, type Rows } from '../testing/fixture.ts';
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

const windows = ['baseline', 'incident'] as const;
const served = (spans: readonly [number, number] = [500, 100]) =>
  operationOf({ service: 'stock', self: [5, 5], calls: spans });
const patternsOf = (rows: Rows) => compareRows(rows).patterns;

describe('a pattern', () => {
  it('is a share of the spans of its operation, in each window', () => {
    const [pattern] = patternsOf({ operations: served(), children: childOf('stock', 'db', [250, 10]) });
    expect(pattern).toMatchObject({ before: { spans: 250, of: 500 }, during: { spans: 10, of: 100 } });
  });

  it('of an operation that sent no spans of its own is left out', () => {
    expect(patternsOf({ operations: served(), children: childOf('other', 'db', [250, 10]) })).toEqual([]);
  });

  it('never has more spans than its operation', () => {
    const [pattern] = patternsOf({ operations: served(), children: childOf('stock', 'db', [250, 140]) });
    expect(pattern?.during).toEqual({ spans: 140, of: 140 });
  });
});

describe('a gap in the collection of logs', () => {
  const services = ['a', 'b', 'c'];
  const operations = services.flatMap((service) => operationOf({ service, self: [5, 5] }));

  it('is no line that came or went: shares are of the spans whose logs were collected', () => {
    const templates = services.flatMap((service) => line(service, 'request served', [500, 50]));
    expect(patternsOf({ operations, templates }).map(({ during }) => during)).toEqual(
      services.map(() => ({ spans: 50, of: 50 })),
    );
  });

  it('is not assumed for a line that one operation alone lost', () => {
    const counts = (service: string): [number, number] => [500, service === 'a' ? 50 : 100];
    const templates = services.flatMap((service) => line(service, 'request served', counts(service)));
    const lost = patternsOf({ operations, templates }).find(({ service }) => service === 'a');
    expect(lost?.during).toEqual({ spans: 50, of: 100 });
  });

  it('is not assumed for calls of few operations, where the median may be the fault itself', () => {
    const children = services.flatMap((service) => childOf(service, 'db', [500, 50]));
    expect(patternsOf({ operations, children }).map(({ during }) => during.of)).toEqual([100, 100, 100]);
    const many = Array.from({ length: 8 }, (_, i) => `s${i}`);
    const all = patternsOf({
      operations: many.flatMap((service) => operationOf({ service, self: [5, 5] })),
      children: many.flatMap((service) => childOf(service, 'db', [500, 50])),
    });
    expect(all.map(({ during }) => during.of)).toEqual(many.map(() => 50));
  });
});

describe('from slice to slice', () => {
  /** Eight slices of baseline and one of the incident: half of the spans call, or none and all in turns. */
  function jumping(jumps: boolean) {
    const slices = Array.from({ length: 9 }, (_, slice) => ({ fromMs: slice * 1000, toMs: (slice + 1) * 1000 }));
    const callsIn = (slice: number): number => (slice === 8 ? 0 : jumps ? 100 * (slice % 2) : 50);
    const answer = {
      ...emptyEvidenceResult,
      slices,
      operations: slices.map((_, slice) => operation(slice, 100, 100)),
      children: slices.map((_, slice) => child(slice, callsIn(slice))),
    };
    const groups = groupRows(answer);
    const parts = slices.map((_, slice) => windows[slice === 8 ? 1 : 0]).flatMap((window) => window ?? []);
    const operations = compareOperations(groups, parts);
    return comparePatterns(groups, parts, { operations, atAlert: parts.map(() => false) })[0]?.dispersion ?? 0;
  }

  it('a share that always jumped is dispersed, and one that never did is not', () => {
    expect(jumping(true)).toBeGreaterThan(10);
    expect(jumping(false)).toBe(1);
  });
});

it('lines of one service that came too late to be joined with their spans are not missing', () => {
  const services = ['cart', 'search', 'mailer', 'stock', 'web'];
  const operations = services.flatMap((service) => operationOf({ service, operation: 'serve', self: [5, 5] }));
  const templates = services.flatMap((service) => line(service, 'served * items', [500, 100]));
  const late = templates.map((row) => (row.service === 'cart' && row.slice === 1 ? { ...row, operation: '' } : row));
  const gone = late.filter(({ operation }) => operation !== '');
  const duringOf = (rows: typeof templates) => {
    const pattern = compareRows({ operations, templates: rows }).patterns.find(({ service }) => service === 'cart');
    return `${pattern?.during.spans} of ${pattern?.during.of}`;
  };
  expect([duringOf(templates), duringOf(late), duringOf(gone)]).toEqual(['100 of 100', '0 of 0', '0 of 100']);
});
