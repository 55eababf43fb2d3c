import type { OperationRow, PresenceRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { incident, operation, presence, series } from '../testing/fixture.ts';
import { silenceCertainty } from './expected-signs.ts';

/** An hour, then a slice for each of twenty minutes. */
const slices = Array.from({ length: 21 }, (_, i) => ({
  fromMs: i === 0 ? 0 : (59 + i) * 60_000,
  toMs: (60 + i) * 60_000,
}));
const lastSpanMs = 78 * 60_000;

/** The certainty that `api` would have sent in 90 s, when it sent spans in these slices before. */
function certainty(active: readonly number[], row: Partial<PresenceRow> = {}, more: object = {}): number {
  const [template] = operation({ service: 'api', self: [5, 5] });
  const operations = active.flatMap((slice): OperationRow[] =>
    template === undefined ? [] : [{ ...template, slice }],
  );
  const gone = { ...presence('api', lastSpanMs), ...row };
  const rows = { operations, presence: [gone, presence('web', 80 * 60_000)], ...more };
  const { answer } = incident('web', rows);
  return silenceCertainty(compareRows(rows, { answer: answer && { ...answer, slices } }), [gone], 90_000);
}
const every = (step: number): number[] => slices.flatMap((_, slice) => (slice % step === 0 ? [slice] : []));

it('a service that sends all the time would have sent', () => expect(certainty(every(1))).toBe(1));

it('one that sends every few minutes might well not have', () => {
  expect(certainty(every(4))).toBe(0);
  expect(certainty([0, 10])).toBe(0);
});

it('regular metrics count by the exports that are missing', () => {
  const metrics = { lastSpanMs: 0, lastMetricMs: lastSpanMs };
  expect(certainty([], metrics, { series: [series('api', 'cpu', [1, 1])] })).toBe(1);
  const hourly = series('api', 'cpu', [1, 1]);
  const points = hourly.points.map(([, ...rest], i) => [i * 300_000, ...rest] as const);
  expect(certainty([], metrics, { series: [{ ...hourly, points }] })).toBe(0);
});

it('where nothing is known about how often it sends, silence counts', () => expect(certainty([])).toBe(1));
