/** Whom a series is about: its own labels decide, as those of an alert by the same Prometheus do. */
import { type Entities, explainEntities, type Labels, withCluster } from '@faultline/model';
import { telemetryOrigin } from '../../scope.ts';
import type { Sender, Subject } from '../../sender-cache.ts';
import type { SourceContext, SourceRequest } from '../../source.ts';
import { boundNames, derived, withClusterName } from '../otlp/subjects.ts';

/** What names depend on beside the labels. */
export interface SubjectOptions {
  readonly request: Pick<SourceRequest, 'tenant'>;
  readonly context: SourceContext;
}

export function senderOf(labels: Labels, { request, context }: SubjectOptions): Sender {
  const subject = subjectOf(labels, request.tenant, context);
  return context.senders.scraped(JSON.stringify(subject), () => subject);
}

function subjectOf(labels: Labels, tenant: string, context: SourceContext): Subject {
  const { limits } = context.config;
  const { entities: named, namedBy, exporter } = explainEntities(labels, context.entityRules);
  const { scope, cluster } = telemetryOrigin(tenant, labels, named, context);
  const entities = boundNames(withCluster(named, { cluster }), limits.labelValueBytes);
  const isAboutOther = exporter !== null && namedBy.service !== 'job';
  const target: Subject = { scope, entities, attributes: targetAttributes(labels, isAboutOther ? {} : entities) };
  const { attributes } = isAboutOther ? derived(target, entities) : target;
  return { scope, entities, attributes: withClusterName(attributes, named, cluster) };
}

/** A scraped target as a collector describes it (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility"). */
function targetAttributes({ job = '', instance = '' }: Labels, { service = job }: Entities): Record<string, string> {
  return {
    ...(service === '' ? {} : { 'service.name': service }),
    ...(instance === '' ? {} : { 'service.instance.id': instance }),
  };
}

/** Labels that the resource has, or that name no part of what is measured. */
const labelsOfTarget: ReadonlySet<string> = new Set(['__name__', 'job']);

/** The attributes of a series' points. The instance stays where the resource does not name it. */
export function pointLabels(labels: Labels, { subject }: Sender, replicaLabels: readonly string[]): Labels {
  const isInResource = subject.attributes['service.instance.id'] !== undefined;
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([name]) => !labelsOfTarget.has(name) && !(isInResource && name === 'instance') && !replicaLabels.includes(name),
    ),
  );
}
