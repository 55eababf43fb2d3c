/** What an alert is about, from the entities that it names. */
import { type Entities, entityId, entityKinds } from '@faultline/model';

/** The id of the most specific entity, `kind:name`; empty when the alert names none. */
export const subjectOf = entityId;

/** The ids of all entities that an alert names, `kind:name`, in the order of `entityKinds`. */
export function entityIds(entities: Entities): string[] {
  return entityKinds.flatMap((kind) => (entities[kind] === undefined ? [] : [`${kind}:${entities[kind]}`]));
}

/** The name by which the call graph knows the alert's subject; empty when it names nothing that takes calls. */
export function serviceOf(entities: Entities): string {
  return entities.service ?? entities.workload ?? entities.database ?? entities.topic ?? '';
}

/** The zone or cluster, `kind:name`, when the alert is about one; else empty. */
export function failureDomainOf(entities: Entities): string {
  const subject = subjectOf(entities);
  return /^(zone|cluster):/.test(subject) ? subject : '';
}

/** A short name of the subject for people. */
export function nameOf(entities: Entities): string {
  const service = serviceOf(entities);
  return service !== '' ? service : subjectOf(entities).split(':').slice(1).join(':');
}
