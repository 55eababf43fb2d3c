/** What each type of CDEvents (specification 0.4 and 0.5) means here. */
import type { ChangeKind } from '@faultline/model';
import { isJsonObject, type Json, scalarText } from '../../field.ts';
import type { CloudEvent } from './event.ts';

export type Use =
  | { readonly as: 'change'; readonly kind: ChangeKind; readonly verb: string }
  | { readonly as: 'alert'; readonly status: 'firing' | 'resolved' }
  | { readonly as: 'nothing'; readonly why: string };

const change = (kind: ChangeKind, verb: string): Use => ({ as: 'change', kind, verb });
const nothing = (why: string): Use => ({ as: 'nothing', why });

const notRunning = nothing('it says nothing about what runs');
const notOver = nothing('it is not over');
const aTest = nothing('a test changes nothing that runs');

/** By type, without `dev.cdevents.` and the version. */
const uses: Readonly<Record<string, Use>> = {
  'service.deployed': change('deploy', 'Deployed'),
  'service.upgraded': change('deploy', 'Upgraded'),
  'service.rolledback': change('rollback', 'Rolled back'),
  'service.removed': change('infrastructure', 'Removed'),
  'service.published': change('other', 'Published'),
  'environment.created': change('infrastructure', 'Created environment'),
  'environment.modified': change('infrastructure', 'Modified environment'),
  'environment.deleted': change('infrastructure', 'Deleted environment'),
  'change.merged': change('other', 'Merged change'),
  'change.created': notRunning,
  'change.reviewed': notRunning,
  'change.updated': notRunning,
  'change.abandoned': notRunning,
  'repository.created': notRunning,
  'repository.modified': notRunning,
  'repository.deleted': notRunning,
  'branch.created': notRunning,
  'branch.deleted': notRunning,
  'build.queued': notRunning,
  'build.started': notRunning,
  'build.finished': notRunning,
  'artifact.packaged': notRunning,
  'artifact.signed': notRunning,
  'artifact.published': notRunning,
  'artifact.downloaded': notRunning,
  'artifact.deleted': notRunning,
  'pipelinerun.queued': notOver,
  'pipelinerun.started': notOver,
  'taskrun.started': notOver,
  'testcaserun.queued': aTest,
  'testcaserun.started': aTest,
  'testcaserun.finished': aTest,
  'testcaserun.skipped': aTest,
  'testsuiterun.queued': aTest,
  'testsuiterun.started': aTest,
  'testsuiterun.finished': aTest,
  'testoutput.published': aTest,
  'ticket.created': notRunning,
  'ticket.updated': notRunning,
  'ticket.closed': notRunning,
  'incident.detected': { as: 'alert', status: 'firing' },
  'incident.reported': { as: 'alert', status: 'firing' },
  'incident.resolved': { as: 'alert', status: 'resolved' },
};

/** `dev.cdevents.service.deployed.0.3.0` is `service.deployed`: the version says how, not what. */
export function cdEventOf(type: string): string {
  const match = /^dev\.cdevents\.(\w+\.\w+)(\.\d+\.\d+\.\d+.*)?$/.exec(type);
  return match?.[1] ?? '';
}

/** What to make of an event. */
export function useOf(event: CloudEvent): Use {
  const type = cdEventOf(event.type);
  if (type === 'pipelinerun.finished' || type === 'taskrun.finished') return useOfRun(event);
  const use = uses[type] ?? nothing('the type is not known');
  return use.as === 'alert' && isOwnIncident(event) ? nothing('Faultline itself sent it') : use;
}

/** A finished run is a deployment when its name says so. Its outcome is in the summary. */
function useOfRun({ data }: CloudEvent): Use {
  const content = contentOf(data);
  const runName = scalarText(content['pipelineName']) || scalarText(content['taskName']);
  if (!/deploy|release|rollback|rollout|promote/i.test(runName)) return nothing('no deployment by its name');
  const verb = scalarText(content['outcome']) === 'success' ? 'Ran' : 'Failed';
  return change(/rollback/i.test(runName) ? 'rollback' : 'deploy', `${verb} ${runName}`);
}

/** The notifier's channel sends incidents as CDEvents. Taken back as alerts they would go in circles. */
function isOwnIncident({ data, subject }: CloudEvent): boolean {
  const custom = isJsonObject(data['customData']) ? data['customData'] : {};
  return custom['cause'] !== undefined && subject !== '' && scalarText(custom['link']).includes(subject);
}

/** `data.subject.content`, where CDEvents has what the type is about. */
export function contentOf(data: Json): Json {
  const subject = isJsonObject(data['subject']) ? data['subject'] : {};
  return isJsonObject(subject['content']) ? subject['content'] : {};
}
