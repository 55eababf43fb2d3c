/** Small hand-made evidence for tests: ten minutes before the harm in slice 0, two minutes since in slice 1. Times in ms from 0. */
import {
  bucketOf,
  type Change,
  type ChildRow,
  type EdgeRow,
  type EvidenceResult,
  emptyEvidenceResult,
  type Histogram,
  type OperationRow,
  type PresenceRow,
  type SeriesRow,
  type TemplateRow,
} from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';

export const onsetMs = 600_000;
/** The first alert, two minutes after the harm. */
export const startedAtMs = 720_000;
export const slices = [
  { fromMs: 0, toMs: 540_000 },
  { fromMs: onsetMs, toMs: 780_000 },
];

/** `count` calls spread a little around `ms`, all in neighbouring buckets. */
export function around(ms: number, count: number): Histogram {
  const middle = bucketOf(ms * 1000);
  const side = Math.floor(count / 4);
  return ([-1, 0, 1] as const)
    .map((step) => [Math.max(0, middle + step), step === 0 ? count - 2 * side : side] as const)
    .filter(([, n]) => n > 0);
}

/** Mean durations in ms before and during. */
export type Shift = readonly [beforeMs: number, duringMs: number];

export interface OperationSpec {
  readonly service: string;
  readonly operation?: string;
  readonly total?: Shift;
  readonly self: Shift;
  readonly calls?: readonly [number, number];
  readonly errors?: readonly [number, number];
  readonly ownErrors?: readonly [number, number];
}

/** The two rows of a server operation. */
export function operation(spec: OperationSpec): OperationRow[] {
  const { service, self, total = self, calls = [500, 100], errors = [0, 0], ownErrors = [0, 0] } = spec;
  return [0, 1].map((slice) => ({
    slice,
    service,
    instance: `${service}-1`,
    operation: spec.operation ?? 'serve',
    kind: 'server' as const,
    version: '1',
    calls: calls[slice] ?? 0,
    errors: errors[slice] ?? 0,
    ownErrors: ownErrors[slice] ?? 0,
    duration: around(total[slice] ?? 0, calls[slice] ?? 0),
    settledCalls: calls[slice] ?? 0,
    self: around(self[slice] ?? 0, calls[slice] ?? 0),
  }));
}

export interface EdgeSpec {
  readonly from: string;
  readonly to: string;
  readonly gap?: Shift;
  readonly total?: Shift;
  readonly silent?: boolean;
  readonly calls?: readonly [number, number];
  readonly errors?: readonly [number, number];
}

/** The two rows of an edge. */
export function edge({ from, to, gap = [1, 1], total = [10, 10], silent = false, ...spec }: EdgeSpec): EdgeRow[] {
  const { calls = [500, 100], errors = [0, 0] } = spec;
  return [0, 1].map((slice) => ({
    slice,
    caller: from,
    callee: to,
    callerInstance: `${from}-1`,
    calleeInstance: silent ? '' : `${to}-1`,
    operation: 'serve',
    source: silent ? ('client-span' as const) : ('trace' as const),
    calls: calls[slice] ?? 0,
    errors: errors[slice] ?? 0,
    duration: around(total[slice] ?? 0, calls[slice] ?? 0),
    gap: silent ? [] : around(gap[slice] ?? 0, calls[slice] ?? 0),
    lastSeenMs: 770_000,
  }));
}

/** Spans of `service`'s operation `serve` that call `to`: before and during. */
export function child(service: string, to: string, spans: readonly [number, number]): ChildRow[] {
  const names = { service, operation: 'serve', childService: to, childOperation: 'serve' };
  return spans.map((count, slice) => ({ ...names, slice, spans: count, calls: count, errors: 0 }));
}

/** Spans of `service`'s operation `serve` that log `text`: before and during. */
export function line(
  service: string,
  text: string,
  spans: readonly [number, number],
  severityNumber = 9,
): TemplateRow[] {
  const names = { service, instance: `${service}-1`, operation: 'serve', template: text, text, severityNumber };
  return spans.map((count, slice) => ({ ...names, slice, lines: count, spans: count }));
}

/** A series with a point every 30 s: `before` (a little uneven) until the onset, then `during`. */
export function series(service: string, metric: string, [before, during]: Shift, unit = ''): SeriesRow {
  const points = Array.from({ length: 26 }, (_, i) => {
    const atMs = i * 30_000;
    const value = atMs < onsetMs ? before * (1 + 0.01 * (i % 3)) : during;
    return [atMs, value, value, 1] as const;
  });
  const history = { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 };
  return { service, instance: `${service}-1`, node: '', metric, unit, attributes: '', points, history };
}

export function presence(service: string, lastSpanMs: number): PresenceRow {
  return { service, instance: `${service}-1`, node: '', zone: '', lastSpanMs, lastMetricMs: 0, lastLogMs: 0 };
}

/** A deploy of `service`. */
export function deploy(service: string, startedAt: number): Change {
  return {
    id: `deploy-${service}-${startedAt}`,
    scope: { tenant: 't', environment: 'e' },
    source: 'ci',
    kind: 'deploy',
    entities: { service },
    summary: `${service} 2.0`,
    actor: 'ana',
    startedAtMs: startedAt,
    endedAtMs: null,
    version: '2.0',
    previousVersion: '1.0',
    url: '',
    receivedAtMs: startedAt,
    raw: '',
  };
}

export type Rows = Partial<
  Pick<EvidenceResult, 'operations' | 'edges' | 'templates' | 'children' | 'series' | 'presence'>
>;

/** An incident that began with an alert on `alerting`. `rows: null` stands for no evidence yet. */
export function incident(
  alerting: string,
  rows: Rows | null,
  more: Partial<Pick<RankingInput, 'changes' | 'declaredEdges'>> = {},
): RankingInput {
  return {
    nowMs: 780_000,
    startedAtMs,
    alerts: [
      {
        name: 'Slow',
        severity: 'critical',
        startsAtMs: startedAtMs,
        status: 'firing',
        entities: { service: alerting },
        labels: {},
      },
    ],
    changes: more.changes ?? [],
    declaredEdges: more.declaredEdges ?? [],
    answer: rows === null ? null : answer(rows),
  };
}

function answer(rows: Rows): EvidenceResult {
  return {
    ...emptyEvidenceResult,
    questionId: 'q',
    incidentId: 'i',
    slices,
    watermarks: { spans: 780_000, logs: 780_000, metrics: 780_000 },
    settled: true,
    ...rows,
  };
}

/** Slices with a short one in the baseline, so that rates can be compared. */
const loadSlices = [
  { fromMs: 0, toMs: 480_000 },
  { fromMs: 480_000, toMs: 540_000 },
  { fromMs: onsetMs, toMs: 660_000 },
];

/** Input with these rows and slices with a short one in the baseline. */
export function underLoad(rows: Rows): Pick<RankingInput, 'answer'> {
  const { answer } = incident('web', rows);
  return { answer: answer && { ...answer, slices: loadSlices } };
}

/** Calls that a service serves, or sends as a producer, a minute in the baseline and two minutes of the incident. */
export function withRates(
  service: string,
  [before, during]: readonly [number, number],
  kind: OperationRow['kind'] = 'server',
): OperationRow[] {
  return [500, before, during].flatMap((calls, slice) =>
    operation({ service, self: [5, 5], calls: [calls, 0] })
      .slice(0, 1)
      .map((row) => ({ ...row, slice, kind })),
  );
}
