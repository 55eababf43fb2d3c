import { bucketOf, type EvidenceQuestion, type OperationRow } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../port.ts';
import { type Batch, type TraceRow, windowStartMs } from '../rows.ts';
import { baseMs, counter, gauge, log, openTestStore, type TestStore, trace } from '../test-rows.ts';

const minute = 60_000;
const question: EvidenceQuestion = {
  id: 'q',
  incidentId: 'now',
  scope: { tenant: 't', environment: 'e' },
  askedAtMs: baseMs + 20 * minute,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  slices: [
    { fromMs: baseMs, toMs: baseMs + 10 * minute },
    { fromMs: baseMs + 10 * minute, toMs: baseMs + 10 * minute + 30_000 },
    { fromMs: baseMs + 10 * minute + 30_000, toMs: baseMs + 11 * minute },
  ],
  series: { fromMs: baseMs + 5 * minute, toMs: baseMs + 15 * minute, stepMs: 30_000 },
  seriesHistory: { fromMs: baseMs, toMs: baseMs + 5 * minute },
};

let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await openTestStore();
  store = opened.store;
});
afterAll(() => opened.close());

const insert = (token: string, ...batches: readonly Omit<Batch, 'token'>[]) =>
  store.insert(batches.map((batch) => ({ ...batch, token }) as Batch));

/** Spans over 12 minutes by a fixed recurrence: several services, instances, operations, statuses and durations. */
function someSpans(count: number): TraceRow[] {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, () => {
    const service = `s${next(3)}`;
    return trace(baseMs + next(12 * minute), {
      ServiceName: service,
      Instance: `${service}-${next(2)}`,
      Operation: `op${next(3)}`,
      SpanKind: next(2) === 0 ? 'Server' : 'Client',
      StatusCode: next(5) === 0 ? 'Error' : 'Ok',
      Duration: BigInt(next(2_000_000_000)),
    });
  });
}

/** The slow and plain way to the same rows. */
function countOperations(spans: readonly TraceRow[]): Map<string, Pick<OperationRow, 'calls' | 'errors' | 'duration'>> {
  const rows = new Map<string, { calls: number; errors: number; buckets: Map<number, number> }>();
  for (const span of spans) {
    const windowStart = windowStartMs(Number(span.Timestamp / 1_000_000n));
    const slice = question.slices.findIndex(({ fromMs, toMs }) => windowStart >= fromMs && windowStart < toMs);
    if (slice < 0) continue;
    const key = [slice, span.ServiceName, span.Instance, span.Operation, span.SpanKind.toLowerCase()].join('|');
    const row = rows.get(key) ?? { calls: 0, errors: 0, buckets: new Map() };
    const bucket = bucketOf(Number(span.Duration) / 1000);
    row.calls += 1;
    row.errors += span.StatusCode === 'Error' ? 1 : 0;
    row.buckets.set(bucket, (row.buckets.get(bucket) ?? 0) + 1);
    rows.set(key, row);
  }
  return new Map(
    [...rows].map(([key, { buckets, ...row }]) => [
      key,
      { ...row, duration: [...buckets].sort(([left], [right]) => left - right) },
    ]),
  );
}

it('operations equal a plain count over the spans, however they were cut into inserts', async () => {
  const spans = someSpans(3_000);
  await insert('spans/0/0-1', { table: 'otel_traces', rows: spans.slice(0, 1_000) });
  await insert('spans/0/2-3', { table: 'otel_traces', rows: spans.slice(1_000) });
  const { operations, watermarks, missing } = await store.answerEvidence(question);
  expect(missing).toEqual([]);
  const answered = new Map(
    operations.map(({ slice, service, instance, operation, kind, calls, errors, duration }) => [
      [slice, service, instance, operation, kind].join('|'),
      { calls, errors, duration },
    ]),
  );
  expect(answered).toEqual(countOperations(spans));
  expect(watermarks.spans).toBe(Math.max(...spans.map((span) => Number(span.Timestamp / 1_000_000n))));
});
