/**
 * `/v2/enqueue`: trigger, resolve and acknowledge. An acknowledgement is no transition of the alert, so it becomes a command for the incident that
 * holds the alert; which one that is, only the correlator knows, so the command names the alert: `alert/<source>/<fingerprint>`.
 */
import { type Alert, type Command, contentId, resolveEntities, type Scope, scopeKey } from '@faultline/model';
import { cut, isJsonObject, type Json, scalarText, severityOf, usableTime } from '../../field.ts';
import { scopeOf } from '../../scope.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Normalised,
  type Outcome,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { readEvent, replyRefused, routingKey, withoutRoutingKey } from './body.ts';

const name = 'pagerduty';
const maxDedupKey = 255;

interface Event {
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedupKey: string;
  readonly body: Json;
  readonly payload: Json;
  readonly labels: Record<string, string>;
}

function decode(request: SourceRequest, context: SourceContext): Decoded<Event> {
  const event = readEvent(request, context, (body) => body['event_action'] === 'trigger');
  if (!event.ok) return event;
  const { body, payload } = event;
  const action = body['event_action'];
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve')
    return refuse(400, 'INGEST_INVALID', 'event_action: expected trigger, acknowledge or resolve');
  const dedupKey = body['dedup_key'] ?? '';
  if (typeof dedupKey !== 'string' || dedupKey.length > maxDedupKey)
    return refuse(400, 'INGEST_INVALID', `dedup_key: expected a string of at most ${maxDedupKey} characters`);
  if (dedupKey === '' && action !== 'trigger')
    return refuse(400, 'INGEST_INVALID', `dedup_key: expected the key of the alert to ${action}`);
  if (action === 'trigger' && scalarText(payload['summary']) === '')
    return refuse(400, 'INGEST_INVALID', 'payload.summary: expected a text');
  const labels = labelsOf(payload, context);
  if (Object.keys(labels).length > context.config.limits.labels)
    return refuse(
      400,
      'INGEST_TOO_MANY_LABELS',
      `payload.custom_details: expected at most ${context.config.limits.labels} entries`,
    );
  // Without a key each trigger is an alert of its own, also when an equal one came before.
  const item = { action, dedupKey: dedupKey || context.uniqueId, body, payload, labels } as const;
  return { ok: true, items: item, bad: null, notes: [] };
}

/** The fields that say what the event is about, as labels: those of the payload, and what in `custom_details` is plain. */
function labelsOf(payload: Json, context: SourceContext): Record<string, string> {
  const details = isJsonObject(payload['custom_details']) ? payload['custom_details'] : {};
  const { limits } = context.config;
  const own = ['severity', 'source', 'component', 'group', 'class'].map((field) => [field, payload[field]] as const);
  const entries = [...Object.entries(details), ...own]
    .map(([label, value]) => [label.toWellFormed(), cut(scalarText(value), limits.labelValueBytes)] as const)
    .filter(([, value]) => value !== '');
  return Object.fromEntries(entries);
}

function normalise(event: Event, request: SourceRequest, context: SourceContext): Normalised {
  const named = scopeOf(request.tenant, event.labels, context);
  if (event.action === 'trigger') return { alerts: [toAlert(event, named, request, context)] };
  // A resolve seldom repeats the details: it goes where its trigger went, and when another process took that, to all who may know.
  const known = context.environmentOfAlert(request.tenant, event.dedupKey);
  const scope = known === null ? named : { ...named, environment: known };
  const isForTenant = known === null;
  if (event.action === 'acknowledge') return { commands: [acknowledgement(event, scope, request)], isForTenant };
  return { alerts: [toAlert(event, scope, request, context)], isForTenant };
}

function toAlert(event: Event, scope: Scope, request: SourceRequest, context: SourceContext): Alert {
  const { payload, body, labels, dedupKey } = event;
  const { receivedAtMs } = request;
  const sentAtMs = usableTime(payload['timestamp'], receivedAtMs, context.config.limits);
  const atMs = sentAtMs ?? receivedAtMs;
  const status = event.action === 'trigger' ? 'firing' : 'resolved';
  const summary = cut(scalarText(payload['summary']), 1024) || dedupKey;
  return {
    id: contentId(scopeKey(scope), name, dedupKey, String(sentAtMs ?? `${receivedAtMs}?`), status),
    scope,
    source: name,
    fingerprint: dedupKey,
    name: cut(scalarText(payload['class']) || summary, 256),
    status,
    severity: severityOf(scalarText(payload['severity'])),
    summary,
    labels,
    annotations: {},
    entities: entitiesOf(labels, context),
    startsAtMs: atMs,
    endsAtMs: status === 'resolved' ? atMs : null,
    receivedAtMs,
    expiresAfterMs: context.config.alertExpiryMs.pagerduty,
    url: cut(scalarText(body['client_url']), 4096),
    raw: JSON.stringify(body),
  };
}

/** Beyond the aliases: the component is the service and the source its host; a source alone is the service. */
export function entitiesOf(labels: Readonly<Record<string, string>>, context: SourceContext): Alert['entities'] {
  const entities = resolveEntities(labels, context.aliases);
  const { component = '', source = '' } = labels;
  const service = entities.service ?? (component || source);
  const node = entities.node ?? (component === '' ? '' : source);
  return { ...entities, ...(service === '' ? {} : { service }), ...(node === '' ? {} : { node }) };
}

function acknowledgement(event: Event, scope: Scope, request: SourceRequest): Command {
  return {
    id: contentId(scopeKey(scope), name, 'acknowledge', event.dedupKey, String(request.receivedAtMs)),
    scope,
    incidentId: `alert/${name}/${event.dedupKey}`,
    expectedRevision: null,
    actor: cut(scalarText(event.body['client']), 256) || name,
    atMs: request.receivedAtMs,
    action: { kind: 'acknowledge' },
  };
}

function replyAccepted({ records }: Outcome) {
  const [alert] = records.alerts ?? [];
  const [command] = records.commands ?? [];
  const key = alert?.fingerprint ?? command?.incidentId.split('/').slice(2).join('/');
  const message = alert === undefined ? 'Acknowledgement passed on to the incident of this alert' : 'Event processed';
  return jsonReply(202, { status: 'success', message, dedup_key: key });
}

export const enqueue = defineRoute({
  path: '/v2/enqueue',
  signal: 'alerts',
  limit: 'alert',
  decode,
  normalise,
  replyAccepted,
  replyRefused,
  bodyToken: routingKey,
  redact: withoutRoutingKey,
});
