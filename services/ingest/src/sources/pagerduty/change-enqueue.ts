/** `/v2/change/enqueue`: change events. */
import { type Change, contentId } from '@faultline/model';
import { changeKindOf } from '../../change-kind.ts';
import { cut, isJsonObject, type Json, scalarText, usableTime } from '../../field.ts';
import { type Decoded, defineRoute, jsonReply, refuse, type SourceContext, type SourceRequest } from '../../source.ts';
import { readEvent, replyRefused } from './body.ts';
import { routingKey, withoutRoutingKey } from './credentials.ts';
import { labelsOfDetails } from './details.ts';
import { ownLabels } from './senders.ts';
import { subjectOf } from './subject.ts';

const name = 'pagerduty';

interface Event {
  readonly body: Json;
  readonly payload: Json;
  readonly labels: Record<string, string>;
}

function decode(request: SourceRequest, context: SourceContext): Decoded<Event> {
  const event = readEvent(request, context, () => true);
  if (!event.ok) return event;
  const { body, payload } = event;
  if (scalarText(payload['summary']) === '') return refuse(400, 'INGEST_INVALID', 'payload.summary: expected a text');
  const { limits } = context.config;
  const { source = '' } = ownLabels(body, payload);
  const details = { ...labelsOfDetails(payload['custom_details']), ...(source === '' ? {} : { source }) };
  if (Object.keys(details).length > limits.labels)
    return refuse(400, 'INGEST_TOO_MANY_LABELS', `payload.custom_details: expected at most ${limits.labels} entries`);
  const entries = Object.entries(details).map(([label, value]) => [label, cut(value, limits.labelValueBytes)]);
  return { ok: true, items: { body, payload, labels: Object.fromEntries(entries) }, bad: null, notes: [] };
}

function normalise(event: Event, request: SourceRequest, context: SourceContext): { changes: Change[] } {
  const { payload, body, labels } = event;
  const { receivedAtMs, tenant } = request;
  const startedAtMs = usableTime(payload['timestamp'], receivedAtMs, context.config.limits);
  const summary = cut(scalarText(payload['summary']), 1024);
  const raw = JSON.stringify(body);
  const { scope, entities } = subjectOf(tenant, labels, context);
  return {
    changes: [
      {
        // The format has no id for a change. A redelivery has the same content and time, so these make the id.
        id: contentId(tenant, name, raw, startedAtMs === null ? String(receivedAtMs) : ''),
        scope,
        source: name,
        kind: changeKindOf(`${labels['kind'] ?? ''} ${summary}`),
        entities,
        summary,
        actor: labels['actor'] ?? labels['user'] ?? labels['author'] ?? '',
        startedAtMs: startedAtMs ?? receivedAtMs,
        endedAtMs: null,
        version: labels['version'] ?? '',
        previousVersion: labels['previous_version'] ?? '',
        url: firstLink(body),
        receivedAtMs,
        raw,
      },
    ],
  };
}

function firstLink(body: Json): string {
  const [link] = Array.isArray(body['links']) ? (body['links'] as readonly unknown[]) : [];
  return isJsonObject(link) ? cut(scalarText(link['href']), 4096) : '';
}

export const changeEnqueue = defineRoute({
  path: '/v2/change/enqueue',
  signal: 'changes',
  limit: 'alert',
  decode,
  normalise,
  replyAccepted: () => jsonReply(202, { status: 'success', message: 'Change event processed', id: null }),
  replyRefused,
  bodyToken: routingKey,
  redact: withoutRoutingKey,
});
