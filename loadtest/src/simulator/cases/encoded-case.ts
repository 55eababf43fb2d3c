/** What the encodings of a case have in common. */
import type { EvaluationCase, SentRequest } from '../../case/evaluation-case.ts';
import type { AlertTruth } from '../../case/truth.ts';
import type { Timeline } from '../timeline.ts';
import type { AlertToSend } from '../wire/alertmanager.ts';
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

export async function* toAsync(requests: Iterable<object>): AsyncGenerator<object> {
  yield* requests;
}

export function alertmanagerRequest(body: object): SentRequest {
  return { path: '/ingest/alertmanager', contentType: 'application/json', body };
}

/**
 * The alerts that Alertmanager would send: those with equal names and labels are one, from when the first fired. Rules that aggregate give
 * the pods of a service the same labels.
 */
export function distinctAlerts<Entry extends { readonly alert: AlertToSend }>(entries: readonly Entry[]): Entry[] {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const { name, labels, atMs } = entry.alert;
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    const known = first.get(key);
    if (known === undefined || atMs < known.alert.atMs) first.set(key, entry);
  }
  return [...first.values()];
}
