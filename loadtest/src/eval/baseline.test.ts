import {
  type EvidenceResult,
  emptyEvidenceResult,
  type OperationRow,
  type SeriesRow,
  type TemplateRow,
} from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { rankByThreeRules } from './baseline.ts';

const slices = [
  { fromMs: -600_000, toMs: 0 },
  { fromMs: 0, toMs: 780_000 },
  { fromMs: 780_000, toMs: 960_000 },
];
const empty: EvidenceResult = { ...emptyEvidenceResult, slices, settled: true };
const history = { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 };

function series(service: string, values: readonly number[]): SeriesRow {
  const points = values.map((value, i) => [i * 120_000, value, value, 1] as const);
  return { service, instance: '', node: '', metric: 'cpu', unit: '', attributes: '', points, history };
}

function operation(service: string, slice: number, bucket: number): OperationRow {
  const histogram = [[bucket, 50]] as const;
  const counts = { calls: 50, errors: 0, ownErrors: 0, settledCalls: 50 };
  return {
    ...counts,
    slice,
    service,
    instance: '',
    operation: 'op',
    kind: 'server',
    version: '',
    duration: histogram,
    self: histogram,
  };
}

function template(service: string, slice: number, text: string): TemplateRow {
  const name = { service, instance: '', operation: '', template: text, text };
  return { ...name, slice, severityNumber: 9, lines: 30, spans: 0 };
}

describe('rankByThreeRules', () => {
  it('lists nothing without a fault', () => {
    const quiet = { ...empty, series: [series('a', [1, 1.1, 0.9, 1, 1.1, 0.9, 1, 1.05])] };
    expect(rankByThreeRules(quiet)).toEqual([]);
  });

  it('detects 3 sigma on metrics, 3 times the P95 on spans and error words in logs', () => {
    const answer = {
      ...empty,
      series: [series('hot', [1, 1.1, 0.9, 1, 1.1, 0.9, 1, 40])],
      operations: [0, 1].map((slice) => operation('slow', slice, 80)).concat(operation('slow', 2, 120)),
      templates: [template('loud', 2, 'request failed'), template('chatty', 2, 'request served')],
    };
    expect(rankByThreeRules(answer)).toEqual(['hot', 'loud', 'slow']);
  });
});
