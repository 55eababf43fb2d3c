/** What an alert or a change is about, from the entities that it names. */
import { type Entities, entityId, entityKinds } from '@faultline/model';

export interface Subject {
  /** The id of the most specific entity, `kind:name`; empty when there is none. */
  readonly id: string;
  /** The name by which the call graph knows it; empty when it names nothing that takes calls. */
  readonly service: string;
  /** A short name for people. */
  readonly name: string;
  /** The zone or cluster, `kind:name`, when that is the most specific entity; else empty. */
  readonly failureDomain: string;
  /** The ids of all its entities, in the order of `entityKinds`. */
  readonly entityIds: readonly string[];
}

/** Subjects of entities that are in use: grouping asks for the same ones again and again. */
const known = new WeakMap<Entities, Subject>();

export function subjectOf(entities: Entities): Subject {
  const found = known.get(entities);
  if (found !== undefined) return found;
  const id = entityId(entities);
  const service = entities.service ?? entities.workload ?? entities.database ?? entities.topic ?? '';
  const subject = {
    id,
    service,
    name: service !== '' ? service : id.split(':').slice(1).join(':'),
    failureDomain: /^(zone|cluster):/.test(id) ? id : '',
    entityIds: entityKinds.flatMap((kind) => (entities[kind] === undefined ? [] : [`${kind}:${entities[kind]}`])),
  };
  known.set(entities, subject);
  return subject;
}
