/** Turns what a person asked for in a receiver into a command of the log. Pure. */
import { type Command, type CommandAction, correlationScope, type Incident } from '@faultline/model';
import type { CallbackAction, CallbackCommand } from './callback.ts';

/** Whether the command needs the incident as it is. */
export function needsIncident(action: CallbackAction): boolean {
  return action.kind === 'split' || (action.kind === 'not-this-cause' && action.service === '');
}

/** The correlator keeps no more of a note. A receiver may send a megabyte, which the log would refuse. */
const maxNoteChars = 5_000;
const maxActorChars = 200;

/** Null when there is nothing to do: the incident is gone, or what was named is no longer part of it. */
export function commandOf(callback: CallbackCommand, incident: Incident | null, atMs: number): Command | null {
  const action = actionOf(callback.action, incident);
  if (action === null) return null;
  const { id, reference } = callback;
  const actor = callback.actor.slice(0, maxActorChars);
  const scope = correlationScope(reference);
  return { id, scope, incidentId: reference.incidentId, expectedRevision: null, actor, atMs, action };
}

function actionOf(action: CallbackAction, incident: Incident | null): CommandAction | null {
  switch (action.kind) {
    case 'not-this-cause':
      return rejection(action.service || (incident?.hypotheses[0]?.cause.service ?? ''));
    case 'split':
      return incident === null ? null : splitOf(incident, action.entity);
    case 'note':
      return { kind: 'note', text: action.text.slice(0, maxNoteChars) };
    case 'record-remediation':
      return { ...action, target: '' };
    default:
      return action;
  }
}

function rejection(service: string): CommandAction | null {
  return service === '' ? null : { kind: 'reject-cause', service };
}

function splitOf({ alerts }: Incident, entity: string): CommandAction | null {
  const alertFingerprints = alerts.filter((alert) => alert.entity === entity).map(({ fingerprint }) => fingerprint);
  return alertFingerprints.length === 0 ? null : { kind: 'split', alertFingerprints };
}
