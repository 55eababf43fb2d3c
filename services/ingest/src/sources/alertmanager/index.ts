/** Alertmanager's webhook, version 4. Unknown fields are kept. */
import { type Alert, alertNameOf, contentId, correlationKey } from '@faultline/model';
import { subjectOfLabels } from '../../entities.ts';
import {
  cut,
  type Field,
  invalid,
  isJsonObject,
  type Json,
  scalarText,
  severityOf,
  textMap,
  usableTime,
} from '../../field.ts';
import { parseJson } from '../../json.ts';
import { withoutReplica } from '../../labels.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Outcome,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { defineSource } from '../../source-definition.ts';
import { labelsFingerprint } from './fingerprint.ts';

const name = 'alertmanager';

/** One checked alert, and the envelope around it. */
interface Item {
  readonly status: 'firing' | 'resolved';
  /** Without those of replicas. */
  readonly labels: Record<string, string>;
  /** It names a replica. The sender's fingerprint tells replicas apart, so it is no identity. */
  readonly isReplica: boolean;
  readonly annotations: Record<string, string>;
  readonly body: Json;
  readonly envelope: Json;
}

function decode(request: SourceRequest, context: SourceContext): Decoded<readonly Item[]> {
  const { limits } = context.config;
  if (!isJsonType(request.contentType))
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = parseJson(request.bytes, limits);
  if (!json.ok) return json;
  if (!isJsonObject(json.value)) return refuse(400, 'INGEST_INVALID', 'body: expected an object');
  const { alerts, ...rest } = json.value;
  if (!Array.isArray(alerts)) return refuse(400, 'INGEST_INVALID', 'alerts: expected an array of alerts');
  const envelope = boundedEnvelope(rest);
  const read = alerts.map((alert: unknown, index) => ({
    alert,
    field: decodeAlert(alert, `alerts[${index}]`, envelope, context),
  }));
  const items = read.flatMap(({ field }) => (field.ok ? [field.value] : []));
  const bad = read.flatMap(({ alert, field }) => (field.ok ? [] : [{ alert, problem: field.problem }]));
  const [first] = bad;
  if (items.length === 0 && first !== undefined) return { ok: false, status: 400, problem: first.problem };
  return {
    ok: true,
    items,
    notes: truncationNotes(rest),
    bad:
      first === undefined
        ? null
        : {
            count: bad.length,
            problems: bad.map(({ problem }) => problem),
            payload: () => Buffer.from(JSON.stringify({ ...rest, alerts: bad.map(({ alert }) => alert) })),
          },
  };
}

function isJsonType(contentType: string): boolean {
  return contentType === 'application/json' || contentType === '' || contentType.endsWith('+json');
}

function decodeAlert(alert: unknown, path: string, envelope: Json, context: SourceContext): Field<Item> {
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
  const status = alert['status'] ?? envelope['status'];
  if (status !== 'firing' && status !== 'resolved') return invalid(`${path}.status`, 'firing or resolved');
  const own = withoutReplica(labels.value, context.config.replicaLabels);
  return { ok: true, value: { status, ...own, annotations: annotations.value, body: alert, envelope } };
}

/** The envelope is stored with each of its alerts, so it must be small. Of a field that is too large only the name is kept. */
const maxEnvelopeBytes = 16 * 1024;

function boundedEnvelope(envelope: Json): Json {
  let left = maxEnvelopeBytes;
  const kept: [string, unknown][] = [];
  const cutFields: string[] = [];
  for (const [field, value] of Object.entries(envelope)) {
    const sizeBytes = field.length + JSON.stringify(value).length;
    if (sizeBytes > left) cutFields.push(field.slice(0, 100));
    else {
      left -= sizeBytes;
      kept.push([field, value]);
    }
  }
  if (cutFields.length > 0) kept.push(['faultline.truncated', cutFields.slice(0, 20)]);
  return Object.fromEntries(kept);
}

function truncationNotes(envelope: Json): string[] {
  const truncated = envelope['truncatedAlerts'];
  if (typeof truncated !== 'number' || truncated <= 0) return [];
  return [`Alertmanager left out ${truncated} alerts of this group: max_alerts of its webhook is too low`];
}

function normalise(items: readonly Item[], request: SourceRequest, context: SourceContext): { alerts: Alert[] } {
  // Namespaces are learned from all alerts before any of their names is decided.
  for (const { labels } of items) subjectOfLabels(request.tenant, labels, context);
  return { alerts: items.map((item) => toAlert(item, request, context)) };
}

function toAlert(item: Item, request: SourceRequest, context: SourceContext): Alert {
  const { labels, annotations, body, status } = item;
  const { limits, alertExpiryMs } = context.config;
  const { scope, entities } = subjectOfLabels(request.tenant, labels, context);
  const fingerprint = (item.isReplica ? '' : cut(scalarText(body['fingerprint']), 256)) || labelsFingerprint(labels);
  const startsAtMs = usableTime(body['startsAt'], request.receivedAtMs, limits);
  const endsAtMs = usableTime(body['endsAt'], request.receivedAtMs, limits);
  const alertName = alertNameOf(labels, 'alert without a name');
  // An unusable time is part of the identity as it was sent. So the same alert has the same id when it is sent again.
  const started = startsAtMs === null ? `?${scalarText(body['startsAt'])}` : String(startsAtMs);
  return {
    id: contentId(correlationKey(scope), name, fingerprint, started, status),
    scope,
    source: name,
    fingerprint,
    name: alertName,
    status,
    severity: severityOf(labels['severity'] ?? labels['priority'] ?? labels['level'] ?? ''),
    summary: summaryOf(annotations) || alertName,
    labels,
    annotations: startsAtMs === null ? { ...annotations, 'faultline.note': badTimeNote } : annotations,
    entities,
    startsAtMs: startsAtMs ?? request.receivedAtMs,
    // Clocks differ, and some senders write zero: an alert never ends before it began.
    endsAtMs: status === 'firing' ? null : Math.max(endsAtMs ?? request.receivedAtMs, startsAtMs ?? 0),
    receivedAtMs: request.receivedAtMs,
    expiresAfterMs: alertExpiryMs.alertmanager,
    url: cut(scalarText(body['generatorURL']), 4096),
    raw: JSON.stringify({ ...item.envelope, alerts: [body] }),
  };
}

const badTimeNote = 'startsAt is not a usable time; the time of receipt stands in';

function summaryOf(annotations: Readonly<Record<string, string>>): string {
  const text = annotations['summary'] ?? annotations['message'] ?? annotations['description'] ?? '';
  return cut(text, 1024);
}

function replyAccepted({ records, bad, notes }: Outcome) {
  const refused = bad?.problems.map(({ code, reason }) => ({ code, message: reason })) ?? [];
  return jsonReply(200, { status: 'ok', accepted: records.alerts?.length ?? 0, refused: refused.slice(0, 100), notes });
}

export const alertmanager = defineSource({
  name,
  title: 'Alertmanager',
  kinds: ['alerts'],
  routes: [
    defineRoute({ path: '/ingest/alertmanager', signal: 'alerts', limit: 'alert', decode, normalise, replyAccepted }),
  ],
  docs: {
    summary: 'Webhooks of Prometheus Alertmanager, version 4, and of everything that copies its format.',
    setup: [
      'Add a receiver with a `webhook_configs` entry to the configuration of Alertmanager, and route alerts to it.',
      'Set `send_resolved: true`, the default, so that incidents end when their alerts do.',
    ],
    snippet: {
      language: 'yaml',
      text: `receivers:
  - name: faultline
    webhook_configs:
      - url: https://FAULTLINE/ingest/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials_file: /etc/alertmanager/faultline-token
`,
    },
    reads: [
      'Each alert of the group: labels, annotations, times, fingerprint, link',
      'Labels of replicas are left out, so two Prometheus servers give one alert (`ingest.replicaLabels`)',
    ],
    ignores: ['`groupLabels` and `commonLabels`, which repeat the labels of the alerts', 'Alerts beyond `max_alerts`'],
  },
});
