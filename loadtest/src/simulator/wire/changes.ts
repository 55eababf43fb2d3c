/** Encodes changes as CDEvents and PagerDuty change events. */
import type { SentRequest } from '../../case/evaluation-case.ts';
import type { Change } from '../fault/change.ts';

/** Labels of changes that their tools set. Empty: none. */
export interface ChangeLabels {
  readonly environmentId: string;
  readonly labels: Readonly<Record<string, string>>;
}

const noLabels: ChangeLabels = { environmentId: '', labels: {} };

/** A change as its tool sends it: a deployment as a CDEvent, a configuration change as a PagerDuty change event. */
export function changeRequest(change: Change, shiftMs: number, labels: ChangeLabels = noLabels): SentRequest {
  return change.kind === 'deploy'
    ? {
        path: '/ingest/cloudevents',
        contentType: 'application/cloudevents+json',
        body: deployedEvent(change, shiftMs, labels.environmentId),
      }
    : {
        path: '/v2/change/enqueue',
        contentType: 'application/json',
        body: configEvent(change, shiftMs, labels.labels),
      };
}

/** A CDEvents `service.deployed` in a structured CloudEvent. Without an environment where its id is empty. */
function deployedEvent(change: Change, shiftMs: number, environmentId: string): object {
  const { service, version, previousVersion, actor, atMs } = change;
  const timestamp = new Date(atMs + shiftMs).toISOString();
  const id = `${service}-${version}-${timestamp}`;
  const type = 'dev.cdevents.service.deployed.0.3.0';
  const environment = environmentId === '' ? {} : { environment: { id: environmentId } };
  const content = { ...environment, artifactId: `pkg:oci/${service}@${version}` };
  return {
    specversion: '1.0',
    id,
    source: '/ci/lab',
    type,
    time: timestamp,
    datacontenttype: 'application/json',
    data: {
      context: { specversion: '0.6.0', id, source: '/ci/lab', type, timestamp },
      subject: { id: service, source: '/ci/lab', type: 'service', content },
      customData: { actor, version, previousVersion },
    },
  };
}

/** A PagerDuty change event. `labels` are further details. */
function configEvent(
  { service, summary, actor, atMs }: Change,
  shiftMs: number,
  labels: ChangeLabels['labels'],
): object {
  return {
    routing_key: 'lab',
    payload: {
      summary,
      source: 'settings',
      timestamp: new Date(atMs + shiftMs).toISOString(),
      custom_details: { service, actor, kind: 'config', ...labels },
    },
  };
}
