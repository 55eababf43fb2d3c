/** What an alert is about. */
import { type Entities, entityId } from '@faultline/model';

/** The id of the most specific entity, `kind:name`; empty when the alert names none. */
export const subjectOf = entityId;

/** The name by which the call graph knows what the alert is about; empty when it names nothing that takes calls. */
export function serviceOf(entities: Entities): string {
  return entities.service ?? entities.workload ?? entities.database ?? entities.topic ?? '';
}

/** The zone or cluster, `kind:name`, when that is what the alert is about; else empty. */
export function placeOf(entities: Entities): string {
  const subject = subjectOf(entities);
  return /^(zone|cluster):/.test(subject) ? subject : '';
}

/** What a tired reader calls it. */
export function nameOf(entities: Entities): string {
  const service = serviceOf(entities);
  return service !== '' ? service : subjectOf(entities).split(':').slice(1).join(':');
}
