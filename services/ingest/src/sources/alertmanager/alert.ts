/** One alert in the form of Alertmanager, which Grafana and the rulers of Loki, Mimir and VictoriaMetrics write, too. */
import { type Alert, alertNameOf, contentId, correlationKey } from '@faultline/model';
import { subjectOfLabels } from '../../entities.ts';
import { cut, type Field, invalid, isJsonObject, type Json, scalarText, textMap, usableTime } from '../../field.ts';
import { withoutReplica } from '../../labels.ts';
import { labelsFingerprint } from '../../labels-fingerprint.ts';
import { severityOf, severityWordOf } from '../../severity.ts';
import { type Refusal, refuse, type SourceContext, type SourceRequest } from '../../source.ts';
import { mapInSteps, type Steps } from '../../steps.ts';

/** One checked alert, and the envelope around it. */
export interface Item {
  readonly status: 'firing' | 'resolved';
  /** Without those of replicas. */
  readonly labels: Record<string, string>;
  /** It names a replica. The sender's fingerprint differs between replicas, so it is no identity. */
  readonly isReplica: boolean;
  readonly annotations: Record<string, string>;
  readonly body: Json;
  readonly envelope: Json;
}

/** How the alerts of one source differ from those of the others. */
export interface AlertOptions {
  readonly source: string;
  readonly expiresAfterMs: (item: Item, request: SourceRequest, context: SourceContext) => number | null;
  readonly urlOf: (body: Json) => string;
}

/** Labels, annotations and status of an alert. `statusOf` reads the status. */
export function decodeAlert(
  alert: unknown,
  path: string,
  statusOf: (alert: Json) => unknown,
  context: SourceContext,
): Field<Omit<Item, 'envelope'>> {
  const { limits } = context.config;
  if (!isJsonObject(alert)) return invalid(path, 'an object');
  const labels = textMap(alert['labels'], `${path}.labels`, {
    maxEntries: limits.labels,
    maxValueLength: limits.labelValueBytes,
  });
  if (!labels.ok) return labels;
  if (Object.keys(labels.value).length === 0) return invalid(`${path}.labels`, 'at least one label');
  const annotations = textMap(alert['annotations'], `${path}.annotations`, {
    maxEntries: limits.labels,
    maxValueLength: limits.textBytes,
  });
  if (!annotations.ok) return annotations;
  const status = statusOf(alert);
  if (status !== 'firing' && status !== 'resolved') return invalid(`${path}.status`, 'firing or resolved');
  const own = withoutReplica(labels.value, context.config.replicaLabels);
  return { ok: true, value: { status, ...own, annotations: annotations.value, body: alert } };
}

/** Refuses a body of so many alerts that it would hold up those of others. */
export function tooManyAlerts(count: number, { config }: SourceContext): Refusal | null {
  const { alerts } = config.limits;
  if (count <= alerts) return null;
  const reason = `body: expected at most ${alerts} alerts (ingest.limits.alerts), not ${count}`;
  return refuse(413, 'INGEST_TOO_MANY', reason);
}

/** The alerts of one request. */
export function* alertsOf(
  items: readonly Item[],
  request: SourceRequest,
  context: SourceContext,
  options: AlertOptions,
): Steps<{ alerts: Alert[] }> {
  // Namespaces are learned from all alerts before any of their names is decided.
  yield* mapInSteps(items, ({ labels }) => subjectOfLabels(request.tenant, labels, context));
  return { alerts: yield* mapInSteps(items, (item) => toAlert(item, request, context, options)) };
}

function toAlert(item: Item, request: SourceRequest, context: SourceContext, options: AlertOptions): Alert {
  const { labels, annotations, body, status } = item;
  const { limits } = context.config;
  const { receivedAtMs } = request;
  const { scope, entities } = subjectOfLabels(request.tenant, labels, context);
  const fingerprint = (item.isReplica ? '' : cut(scalarText(body['fingerprint']), 256)) || labelsFingerprint(labels);
  const startsAtMs = usableTime(body['startsAt'], receivedAtMs, limits);
  const endsAtMs = usableTime(body['endsAt'], receivedAtMs, limits);
  const alertName = alertNameOf(labels, 'alert without a name');
  // An unusable time is part of the identity as it was sent. So the same alert has the same id when it is sent again.
  const started = startsAtMs === null ? `?${scalarText(body['startsAt'])}` : String(startsAtMs);
  return {
    id: contentId(correlationKey(scope), options.source, fingerprint, started, status),
    scope,
    source: options.source,
    fingerprint,
    name: alertName,
    status,
    severity: severityOf(severityWordOf(labels)),
    summary: summaryOf(annotations) || alertName,
    labels,
    annotations: startsAtMs === null ? { ...annotations, 'faultline.note': badTimeNote } : annotations,
    entities,
    startsAtMs: startsAtMs ?? receivedAtMs,
    // Clocks differ, and some senders write zero: an alert never ends before it began.
    endsAtMs: status === 'firing' ? null : Math.max(endsAtMs ?? receivedAtMs, startsAtMs ?? 0),
    receivedAtMs,
    expiresAfterMs: options.expiresAfterMs(item, request, context),
    url: cut(options.urlOf(body), 4096),
    raw: JSON.stringify({ ...item.envelope, alerts: [body] }),
  };
}

const badTimeNote = 'startsAt is not a usable time; the time of receipt stands in';

function summaryOf(annotations: Readonly<Record<string, string>>): string {
  const text = annotations['summary'] ?? annotations['message'] ?? annotations['description'] ?? '';
  return cut(text, 1024);
}
