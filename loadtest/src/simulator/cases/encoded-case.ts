/** What the encodings of a case have in common. */
import type { EvaluationCase, SentRequest } from '../../case/evaluation-case.ts';
import type { AlertTruth } from '../../case/truth.ts';
import type { Timeline } from '../timeline.ts';
import { logRequests, metricRequests, type ResourceLabels, traceRequests } from '../wire/otlp.ts';

export interface EncodedCase extends Pick<EvaluationCase, 'streams' | 'changes' | 'lateChanges' | 'alerts'> {
  /** The alerts under the names that are sent. */
  readonly alertTruth: readonly AlertTruth[];
}

export function encodeStreams(
  { spans, logs, points }: Timeline,
  labels?: ResourceLabels,
): (shiftMs: number) => ReturnType<EvaluationCase['streams']> {
  return (shiftMs) => [
    { signal: 'traces', requests: toAsync(traceRequests(spans, shiftMs, labels)) },
    { signal: 'logs', requests: toAsync(logRequests(logs, shiftMs, labels)) },
    { signal: 'metrics', requests: toAsync(metricRequests(points, shiftMs, labels)) },
  ];
}

async function* toAsync(requests: Iterable<object>): AsyncGenerator<object> {
  yield* requests;
}

export function alertmanagerRequest(body: object): SentRequest {
  return { path: '/ingest/alertmanager', contentType: 'application/json', body };
}
