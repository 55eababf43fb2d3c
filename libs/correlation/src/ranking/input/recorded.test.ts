import type { EvidenceResult } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { rankHypotheses } from '../index.ts';
import { edge, incident, line, operation, presence, type Rows, series, slices } from '../testing/fixture.ts';
import { onlyRecorded } from './recorded.ts';

const nowMs = 780_000;
const rows: Rows = {
  operations: operation({ service: 'web', self: [5, 5] }),
  edges: edge({ from: 'web', to: 'db' }),
  templates: line('web', 'slow', [5, 5]),
  series: [series('web', 'cpu', [1, 3])],
};
const recorded = (over: Partial<EvidenceResult>) => {
  const input = incident('web', rows);
  return onlyRecorded({ ...input, answer: input.answer && { ...input.answer, ...over } });
};

describe('what was recorded', () => {
  it('is everything where the recorder keeps up', () => {
    expect(recorded({})).toEqual(incident('web', rows));
    expect(recorded({ recordedUntilMs: { spans: nowMs - 10_000 } }).answer?.operations).toEqual(rows.operations);
  });

  it('ends with the last slice whose spans are recorded, and so does the present', () => {
    const { answer, ...input } = recorded({ recordedUntilMs: { spans: 700_000 } });
    expect(input.nowMs).toBe(700_000);
    expect(answer?.slices).toEqual(slices.slice(0, 1));
    for (const part of ['operations', 'edges', 'templates'] as const)
      expect(answer?.[part].map(({ slice }) => slice)).toEqual([0]);
  });

  it('holds no line where lines are further behind than spans: some would look like lines that stopped', () => {
    const { answer } = recorded({ recordedUntilMs: { logs: 700_000 } });
    expect(answer?.templates).toEqual([]);
    expect(answer?.operations).toEqual(rows.operations);
  });

  it('holds no point of a metric after the metrics were recorded', () => {
    const { answer } = recorded({ recordedUntilMs: { metrics: 610_000 } });
    expect(answer?.series[0]?.points.at(-1)?.[0]).toBe(600_000);
  });

  it.each(['operations', 'edges', 'topology'])(
    'holds no spans where %s failed: half of them would look like silence',
    (part) => {
      const { answer } = recorded({ missing: [{ part, code: 'failed', detail: 'STORE_TIMEOUT' }] });
      expect([answer?.operations, answer?.edges, answer?.children]).toEqual([[], [], []]);
      expect(answer?.series).toEqual(rows.series);
    },
  );

  it('bounds the newest data of every signal by the present, and by what is recorded of it', () => {
    const watermarks = { spans: 9_000_000, logs: 770_000, metrics: 9_000_000 };
    expect(recorded({ watermarks, recordedUntilMs: { metrics: 650_000 } }).answer?.watermarks).toEqual({
      spans: nowMs,
      logs: 770_000,
      metrics: 650_000,
    });
  });
});

describe('a service whose partition of the log is behind', () => {
  // web goes on, and the spans of db wait in the log: db answered all the time.
  const lagging: Rows = {
    operations: [
      ...operation({ service: 'web', self: [5, 5] }),
      ...operation({ service: 'db', self: [5, 5], calls: [500, 0] }),
    ],
    edges: edge({ from: 'web', to: 'db', errors: [0, 2] }),
    presence: [presence('web', 779_000), presence('api', 779_000), presence('db', 620_000)],
  };
  const judged = (recordedUntilMs: EvidenceResult['recordedUntilMs']) => {
    const input = incident('web', lagging);
    const missing = [{ part: 'spans', code: 'behind', detail: '12' }] as const;
    const answer = input.answer && { ...input.answer, missing, ...(recordedUntilMs && { recordedUntilMs }) };
    return rankHypotheses({ ...input, answer }).hypotheses.flatMap(({ evidence }) => evidence.map(({ kind }) => kind));
  };

  it('would look silent if its missing rows were taken for silence', () => {
    expect(judged(undefined)).toContain('telemetry-gap');
  });

  it('is not silent: its rows are not recorded yet', () => {
    expect(judged({ spans: 622_000 })).not.toContain('telemetry-gap');
  });
});
