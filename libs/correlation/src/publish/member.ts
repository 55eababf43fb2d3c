/** The public form of a member. */
import { alertKindOf, type IncidentAlert, type IncidentMember, type Scope } from '@faultline/model';
import type { MemberChange } from '../state/effect.ts';
import type { AlertState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { reasonText } from './words/reason.ts';

export function incidentAlert(alert: AlertState): IncidentAlert {
  return {
    fingerprint: alert.fingerprint,
    name: alert.name,
    status: alert.status,
    severity: alert.severity,
    startsAtMs: alert.startsAtMs,
    endsAtMs: alert.endsAtMs,
    labels: alert.labels,
    entity: subjectOf(alert.entities).id,
    reason: alert.reason === null ? '' : reasonText(alert.reason),
    source: alert.source,
    url: alert.url,
    environment: alert.environment,
    kind: alertKindOf(alert),
  };
}

/** A member as it goes on its topic. */
export function memberOf(scope: Scope, { incidentId, revision, alert, membership }: MemberChange): IncidentMember {
  return { scope, incidentId, revision, alert: incidentAlert(alert), entities: alert.entities, membership };
}
