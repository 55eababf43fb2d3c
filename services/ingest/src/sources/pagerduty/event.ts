/** One event of the Events API, in its second version or its first, to one shape. */
import { cut, isJsonObject, type Json, scalarText } from '../../field.ts';
import { withoutReplica } from '../../labels.ts';
import { type Refusal, refuse, type SourceContext, type SourceRequest } from '../../source.ts';
import { readEvent } from './body.ts';
import { alertCountOf, labelsOfDetails } from './details.ts';
import { ownLabels } from './senders.ts';

export interface Event {
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedupKey: string;
  readonly body: Json;
  readonly payload: Json;
  readonly labels: Record<string, string>;
  /** How many alerts it stands for; the labels are those of the first. */
  readonly alertCount: number;
  readonly version: 1 | 2;
}

const maxDedupKey = 255;

/** The event, or which field is missing or wrong. */
export function readAlertEvent(
  request: SourceRequest,
  context: SourceContext,
): { readonly ok: true; readonly event: Event } | Refusal {
  const read = readEvent(request, context, (body) => body['event_action'] === 'trigger');
  if (!read.ok) return read;
  const version = read.body['event_action'] === undefined && read.body['event_type'] !== undefined ? 1 : 2;
  const body = version === 1 ? asSecondVersion(read.body) : read.body;
  const payload = isJsonObject(body['payload']) ? body['payload'] : {};
  return checkEvent({ body, payload, version }, context);
}

/** The Events API v1 of older Nagios, Zabbix, Grafana and Alertmanager: `service_key`, `event_type`, `incident_key`, `description`, `details`. */
function asSecondVersion({ event_type, incident_key, description, details, ...rest }: Json): Json {
  const source = isJsonObject(details) ? details['source'] : undefined;
  const payload = { summary: description, source: source ?? rest['client'] ?? '', custom_details: details };
  return { ...rest, event_action: event_type, dedup_key: incident_key, payload };
}

function checkEvent(
  { body, payload, version }: Pick<Event, 'body' | 'payload' | 'version'>,
  context: SourceContext,
): { readonly ok: true; readonly event: Event } | Refusal {
  const names = version === 1 ? firstNames : secondNames;
  const action = body['event_action'];
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve')
    return refuse(400, 'INGEST_INVALID', `${names.action}: expected trigger, acknowledge or resolve`);
  const dedupKey = body['dedup_key'] ?? '';
  if (typeof dedupKey !== 'string' || dedupKey.length > maxDedupKey)
    return refuse(400, 'INGEST_INVALID', `${names.key}: expected a string of at most ${maxDedupKey} characters`);
  if (dedupKey === '' && action !== 'trigger')
    return refuse(400, 'INGEST_INVALID', `${names.key}: expected the key of the alert to ${action}`);
  const missing = action === 'trigger' ? names.required.find((field) => scalarText(payload[field]) === '') : undefined;
  if (missing !== undefined) return refuse(400, 'INGEST_INVALID', `${names.path(missing)}: expected a text`);
  return withLabels({ action, body, payload, version, dedupKey: dedupKey || context.uniqueId }, context);
}

const secondNames = {
  action: 'event_action',
  key: 'dedup_key',
  required: ['summary', 'source', 'severity'],
  path: (field: string) => `payload.${field}`,
};
const firstNames = { action: 'event_type', key: 'incident_key', required: ['summary'], path: () => 'description' };

/** Without a key each trigger is an alert of its own, also when an equal one came before. */
function withLabels(
  event: Omit<Event, 'labels' | 'alertCount'>,
  context: SourceContext,
): { readonly ok: true; readonly event: Event } | Refusal {
  const { body, payload } = event;
  const details = payload['custom_details'];
  const severity = scalarText(payload['severity']);
  const read = { ...labelsOfDetails(details), ...ownLabels(body, payload), ...(severity === '' ? {} : { severity }) };
  const { labels: maxLabels, labelValueBytes } = context.config.limits;
  if (Object.keys(read).length > maxLabels)
    return refuse(400, 'INGEST_TOO_MANY_LABELS', `payload.custom_details: expected at most ${maxLabels} entries`);
  const whole = Object.fromEntries(Object.entries(read).map(([label, value]) => [label, cut(value, labelValueBytes)]));
  const { labels } = withoutReplica(whole, context.config.replicaLabels);
  return { ok: true, event: { ...event, labels, alertCount: alertCountOf(details) } };
}
