import { emptyEvidenceResult, type SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../rows/groups.ts';
import { operation, series, slices, startedAtMs } from '../testing/fixture.ts';
import { signalsOf } from './signals.ts';

/** How many signals a metric adds to those of `api`, which sends spans in these slices. */
function addedBy(row: SeriesRow, spansIn: readonly number[], alertMs = startedAtMs): number {
  const operations = operation({ service: 'api', self: [10, 60] }).filter(({ slice }) => spansIn.includes(slice));
  const count = (all: readonly SeriesRow[]): number => {
    const answer = { ...emptyEvidenceResult, slices, operations, series: all };
    return signalsOf(answer, groupRows(answer), alertMs).length;
  };
  return count([row]) - count([]);
}

describe('metrics of time and failures', () => {
  const latency = series('api', 'http.server.latency', [10, 60]);
  const errors = series('api', 'http.server.errors', [0.1, 6]);

  it('add nothing where the spans of the service say it better', () => {
    expect([addedBy(latency, [0, 1]), addedBy(errors, [0, 1])]).toEqual([0, 0]);
  });

  it('count where the service sends no spans', () => {
    expect([addedBy(latency, []), addedBy(errors, [])]).toEqual([1, 1]);
    expect(addedBy({ ...latency, service: 'db' }, [0, 1])).toBe(1);
  });

  it('count where its spans ended long before the alert', () => {
    expect(addedBy(latency, [0])).toBe(1);
    expect(addedBy(latency, [0, 1], startedAtMs + 600_000)).toBe(1);
  });
});

it('metrics of resources count beside spans, which do not show them', () => {
  expect(addedBy(series('api', 'process.cpu.utilization', [0.2, 0.9]), [0, 1])).toBe(1);
});
