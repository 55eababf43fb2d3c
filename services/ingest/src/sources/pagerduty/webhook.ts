/**
 * `/ingest/pagerduty`: the v3 webhooks of PagerDuty itself. An incident that another tool opened there becomes an alert, so that Faultline can
 * name its cause. Incidents that Faultline opened are left out: what people do to those comes back through the notifier.
 */
import { type Alert, alertNameOf, type Command, contentId, correlationKey } from '@faultline/model';
import { cut, isJsonObject, type Json, scalarText, usableTime } from '../../field.ts';
import { parseJson } from '../../json.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Normalised,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { subjectOf } from './subject.ts';

const name = 'pagerduty';
/** How the notifier begins the keys of the incidents that it opens. */
const ownKeyPrefix = 'faultline/';

/** Null: nothing to take in, such as a ping, or an incident of our own. */
type Incoming = { readonly kind: Kind; readonly event: Json; readonly incident: Json; readonly key: string } | null;
type Kind = 'firing' | 'resolved' | 'acknowledged';

const kinds: Readonly<Record<string, Kind>> = {
  'incident.triggered': 'firing',
  'incident.reopened': 'firing',
  'incident.resolved': 'resolved',
  'incident.acknowledged': 'acknowledged',
};

function decode(request: SourceRequest, context: SourceContext): Decoded<Incoming> {
  const { contentType } = request;
  if (contentType !== '' && !contentType.includes('json'))
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = parseJson(request.bytes, context.config.limits);
  if (!json.ok) return json;
  const event = isJsonObject(json.value) ? json.value['event'] : undefined;
  if (!isJsonObject(event)) return refuse(400, 'INGEST_INVALID', 'event: expected an object');
  const { data } = event;
  if (!isJsonObject(data)) return refuse(400, 'INGEST_INVALID', 'event.data: expected an object');
  const type = scalarText(event['event_type']);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  // An incident that a person opened has no key of a tool.
  const key = scalarText(data['incident_key']) || scalarText(data['id']);
  if (kind === undefined) return taken(null, `not used: the event ${cut(type, 100)}`);
  if (key.startsWith(ownKeyPrefix)) return taken(null, 'not used: an incident that Faultline opened');
  if (key === '') return refuse(400, 'INGEST_INVALID', 'event.data.id: expected a text');
  return taken({ kind, event, incident: data, key: cut(key, 255) });
}

function taken(items: Incoming, ...notes: readonly string[]): Decoded<Incoming> {
  return { ok: true, items, bad: null, notes };
}

function normalise(items: Incoming, request: SourceRequest, context: SourceContext): Normalised {
  if (items === null) return {};
  if (items.kind === 'acknowledged') return { commands: acknowledgements(items, request, context) };
  return { alerts: [toAlert(items, request, context)] };
}

function labelsOf({ incident }: NonNullable<Incoming>): Record<string, string> {
  const summaryOf = (field: string) => {
    const reference = incident[field];
    return isJsonObject(reference) ? cut(scalarText(reference['summary']), 256) : '';
  };
  const labels = {
    service: summaryOf('service'),
    priority: summaryOf('priority'),
    urgency: scalarText(incident['urgency']),
    pagerduty_incident: scalarText(incident['id']),
  };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function toAlert(items: NonNullable<Incoming>, request: SourceRequest, context: SourceContext): Alert {
  const { event, incident, key, kind } = items;
  const labels = labelsOf(items);
  const { scope, entities } = subjectOf(request.tenant, labels, context);
  const { receivedAtMs } = request;
  const atMs = usableTime(event['occurred_at'], receivedAtMs, context.config.limits) ?? receivedAtMs;
  const title = cut(scalarText(incident['title']), 1024) || key;
  const status = kind === 'resolved' ? 'resolved' : 'firing';
  return {
    id: contentId(correlationKey(scope), name, key, scalarText(event['id']) || String(atMs), status),
    scope,
    source: name,
    fingerprint: key,
    name: cut(alertNameOf(labels, title), 256),
    status,
    severity: incident['urgency'] === 'low' ? 'warning' : 'critical',
    summary: title,
    labels,
    annotations: {},
    entities,
    startsAtMs: usableTime(incident['created_at'], receivedAtMs, context.config.limits) ?? atMs,
    endsAtMs: status === 'resolved' ? atMs : null,
    receivedAtMs,
    expiresAfterMs: context.config.alertExpiryMs.pagerduty,
    url: cut(scalarText(incident['html_url']), 4096),
    raw: JSON.stringify(event),
  };
}

/** Only people acknowledge. What a tool acknowledged says nothing about a person. */
function acknowledgements(
  items: NonNullable<Incoming>,
  { tenant, receivedAtMs }: SourceRequest,
  context: SourceContext,
): readonly Command[] {
  const { event, key } = items;
  const { agent } = event;
  if (!isJsonObject(agent) || agent['type'] !== 'user_reference') return [];
  const { scope } = subjectOf(tenant, labelsOf(items), context);
  return [
    {
      id: contentId(correlationKey(scope), name, 'webhook', scalarText(event['id']) || `${key} ${receivedAtMs}`),
      scope,
      incidentId: `alert/${name}/${key}`,
      expectedRevision: null,
      actor: cut(scalarText(agent['summary']), 256) || name,
      atMs: receivedAtMs,
      action: { kind: 'acknowledge' },
    },
  ];
}

export const webhook = defineRoute({
  path: '/ingest/pagerduty',
  signature: { header: 'x-pagerduty-signature', algorithm: 'sha256', encoding: 'hex', prefix: 'v1=' },
  signal: 'alerts',
  limit: 'alert',
  decode,
  normalise,
  replyAccepted: () => jsonReply(202, { status: 'success' }),
});
