/** Incidents of other tools, as CDEvents tell them. */
import { type Alert, contentId, resolveEntities } from '@faultline/model';
import { subjectAt } from '../../entities.ts';
import { cut, type Json, scalarText, usableTime } from '../../field.ts';
import { originOf, originOfField } from '../../scope.ts';
import { severityOf, severityWordOf } from '../../severity.ts';
import type { SourceContext, SourceRequest } from '../../source.ts';
import { contentOf, useOf } from './cdevents.ts';
import type { CloudEvent } from './event.ts';
import { lastPart, objectAt, textsOf } from './fields.ts';

/** One alert, or none. The id of the incident is its identity, whichever of its events it is. */
export function incidentAlerts(
  source: string,
  event: CloudEvent,
  request: SourceRequest,
  context: SourceContext,
): Alert[] {
  const use = useOf(event);
  if (use.as !== 'alert') return [];
  const content = contentOf(event.data);
  const { receivedAtMs } = request;
  const subject = objectAt(event.data, 'subject');
  const service = lastPart(scalarText(objectAt(content, 'service')['id']));
  const labels: Record<string, string> = {
    ...textsOf(objectAt(event.data, 'customData')),
    ...(service === '' ? {} : { service }),
  };
  const { scope, entities } = subjectAt(
    originOfEvent(content, labels, request, context),
    resolveEntities(labels, context.entityRules),
    labels,
    context,
  );
  const key = `${event.source}/${scalarText(subject['id']) || event.subject}`;
  const atMs = usableTime(event.time, receivedAtMs, context.config.limits) ?? receivedAtMs;
  const summary = cut(scalarText(content['description']), 1024) || key;
  return [
    {
      id: contentId(request.tenant, source, event.source, event.id),
      scope,
      source,
      fingerprint: cut(key, 512),
      name: cut(summary, 256),
      status: use.status,
      severity: severityOf(severityWordOf(labels)),
      summary,
      labels,
      annotations: {},
      entities,
      startsAtMs: atMs,
      endsAtMs: use.status === 'resolved' ? atMs : null,
      receivedAtMs,
      expiresAfterMs: context.config.mappedAlertExpiryMs,
      url: cut(scalarText(content['ticketURI']), 4096),
      raw: JSON.stringify(event.raw),
    },
  ];
}

function originOfEvent(
  content: Json,
  labels: Record<string, string>,
  { tenant }: SourceRequest,
  context: SourceContext,
) {
  const environment = scalarText(objectAt(content, 'environment')['id']).trim();
  return environment === ''
    ? originOf(tenant, labels, resolveEntities(labels, context.entityRules), context)
    : originOfField(tenant, environment, context);
}
