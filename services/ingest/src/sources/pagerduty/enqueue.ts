/**
 * `/v2/enqueue`, and the address of the Events API v1: trigger, resolve and acknowledge. An acknowledgement does not change the alert. It becomes a
 * command for the incident of the alert. Only the correlator knows that incident, so the command names the alert: `alert/<source>/<fingerprint>`.
 */
import { type Alert, alertNameOf, type Command, contentId, correlationKey } from '@faultline/model';
import { cut, scalarText, usableTime } from '../../field.ts';
import { severityOf, severityWordOf } from '../../severity.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Normalised,
  type Outcome,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { replyRefused } from './body.ts';
import { routingKey, withoutRoutingKey } from './credentials.ts';
import { type Event, readAlertEvent } from './event.ts';
import { subjectOf } from './subject.ts';

const name = 'pagerduty';

function decode(request: SourceRequest, context: SourceContext): Decoded<Event> {
  const read = readAlertEvent(request, context);
  return read.ok ? { ok: true, items: read.event, bad: null, notes: [] } : read;
}

function normalise(event: Event, request: SourceRequest, context: SourceContext): Normalised {
  if (event.action === 'acknowledge') return { commands: [acknowledgement(event, request, context)] };
  return { alerts: [toAlert(event, request, context)] };
}

function toAlert(event: Event, request: SourceRequest, context: SourceContext): Alert {
  const { payload, body, labels, dedupKey } = event;
  const { scope, entities } = subjectOf(request.tenant, labels, context);
  const { receivedAtMs } = request;
  const sentAtMs = usableTime(payload['timestamp'], receivedAtMs, context.config.limits);
  const atMs = sentAtMs ?? receivedAtMs;
  const status = event.action === 'trigger' ? 'firing' : 'resolved';
  const summary = cut(scalarText(payload['summary']), 1024) || dedupKey;
  return {
    id: contentId(correlationKey(scope), name, dedupKey, String(sentAtMs ?? `${receivedAtMs}?`), status),
    scope,
    source: name,
    fingerprint: dedupKey,
    name: cut(alertNameOf(labels, labels['class'] ?? summary), 256),
    status,
    severity: severityOf(severityWordOf(labels)),
    summary,
    labels,
    annotations: event.alertCount > 1 ? { 'faultline.note': groupNote(event.alertCount) } : {},
    entities,
    startsAtMs: atMs,
    endsAtMs: status === 'resolved' ? atMs : null,
    receivedAtMs,
    expiresAfterMs: context.config.alertExpiryMs.pagerduty,
    url: cut(scalarText(body['client_url']), 4096),
    raw: JSON.stringify(body),
  };
}

function groupNote(count: number): string {
  return `The event stands for ${count} alerts; its labels are those of the first`;
}

function acknowledgement(event: Event, request: SourceRequest, context: SourceContext): Command {
  const { scope } = subjectOf(request.tenant, event.labels, context);
  return {
    id: contentId(correlationKey(scope), name, 'acknowledge', event.dedupKey, String(request.receivedAtMs)),
    scope,
    incidentId: `alert/${name}/${event.dedupKey}`,
    expectedRevision: null,
    actor: cut(scalarText(event.body['client']), 256) || name,
    atMs: request.receivedAtMs,
    action: { kind: 'acknowledge' },
  };
}

function keyOf({ records }: Outcome): string | undefined {
  const [alert] = records.alerts ?? [];
  const [command] = records.commands ?? [];
  return alert?.fingerprint ?? command?.incidentId.split('/').slice(2).join('/');
}

function messageOf({ records }: Outcome): string {
  const isAlert = (records.alerts ?? []).length > 0;
  return isAlert ? 'Event processed' : 'Acknowledgement passed on to the incident of this alert';
}

const common = {
  signal: 'alerts',
  limit: 'alert',
  decode,
  normalise,
  replyRefused,
  bodyToken: routingKey,
  redact: withoutRoutingKey,
} as const;

export const enqueue = defineRoute({
  ...common,
  path: '/v2/enqueue',
  replyAccepted: (outcome) =>
    jsonReply(202, { status: 'success', message: messageOf(outcome), dedup_key: keyOf(outcome) }),
});

/** The Events API v1, at its own address. Its answer is 200 with `incident_key`. */
export const createEvent = defineRoute({
  ...common,
  path: '/generic/2010-04-15/create_event.json',
  replyAccepted: (outcome) =>
    jsonReply(200, { status: 'success', message: messageOf(outcome), incident_key: keyOf(outcome) }),
});
