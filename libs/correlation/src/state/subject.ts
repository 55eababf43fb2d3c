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

export function subjectOf(entities: Entities): Subject {
  return new EntitiesSubject(entities);
}

/** Computes what is read: it is made for every alert, and most readers need one field. */
class EntitiesSubject implements Subject {
  readonly #entities: Entities;

  constructor(entities: Entities) {
    this.#entities = entities;
  }

  get id(): string {
    return entityId(this.#entities);
  }

  get service(): string {
    const { service, workload, database, topic } = this.#entities;
    return service ?? workload ?? database ?? topic ?? '';
  }

  get name(): string {
    return this.service !== '' ? this.service : this.id.split(':').slice(1).join(':');
  }

  get failureDomain(): string {
    const { id } = this;
    return id.startsWith('zone:') || id.startsWith('cluster:') ? id : '';
  }

  get entityIds(): readonly string[] {
    const ids: string[] = [];
    for (const kind of entityKinds) {
      const name = this.#entities[kind];
      if (name !== undefined) ids.push(`${kind}:${name}`);
    }
    return ids;
  }
}
