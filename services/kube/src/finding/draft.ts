/** One fault as the functions of this folder return it, before it has an id, a start and an end. */
import type { Entities, FindingMechanism, ObjectReference } from '@faultline/model';
import type { ClusterModel } from '../cluster/model.ts';

export interface FaultDraft {
  readonly mechanism: FindingMechanism;
  readonly object: ObjectReference;
  readonly field: string;
  readonly target: ObjectReference | null;
  readonly targetKey: string;
  readonly entities: Entities;
  readonly reason: string;
  readonly message: string;
  /** Null: the API does not say since when. */
  readonly sinceMs: number | null;
  readonly affected: number;
  readonly total: number;
  readonly measures: Readonly<Record<string, number>>;
}

/** What the functions read. They decide by the objects in the model and the time. */
export interface FaultContext {
  readonly model: ClusterModel;
  readonly cluster: string;
  readonly nowMs: number;
  /** Messages of the last hour about an object, by its uid; newest first. */
  readonly warningsOf: (uid: string) => readonly Warning[];
}

/** A Warning among the events of the cluster. */
export interface Warning {
  readonly reason: string;
  readonly message: string;
  /** Within the object: `spec.containers{pay}`. */
  readonly fieldPath: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A fault of one object that nothing else takes part in, unless told otherwise. */
export function draftOf(
  mechanism: FindingMechanism,
  object: ObjectReference,
  entities: Entities,
  more: Partial<Omit<FaultDraft, 'mechanism' | 'object' | 'entities'>> = {},
): FaultDraft {
  return {
    mechanism,
    object,
    entities,
    field: '',
    target: null,
    targetKey: '',
    reason: '',
    message: '',
    sinceMs: null,
    affected: 1,
    total: 1,
    measures: {},
    ...more,
  };
}

/** What tells two faults of one object apart. */
export function faultKey({ mechanism, field, target, targetKey }: FaultDraft): string {
  const named = target === null ? '' : `${target.kind}/${target.namespace}/${target.name}`;
  return [mechanism, field, named, targetKey].join('|');
}

/** Faults with the same key become one: counts add up, the earliest start and the largest measure count. */
export function mergeFaults(drafts: readonly FaultDraft[], total: number): readonly FaultDraft[] {
  return [...Map.groupBy(drafts, faultKey).values()]
    .map((same) => same.reduce(merged))
    .map((draft) => ({ ...draft, total }));
}

function merged(a: FaultDraft, b: FaultDraft): FaultDraft {
  const names = new Set([...Object.keys(a.measures), ...Object.keys(b.measures)]);
  const larger = (name: string) => Math.max(a.measures[name] ?? 0, b.measures[name] ?? 0);
  const starts = [a.sinceMs, b.sinceMs].filter((ms) => ms !== null);
  return {
    ...a,
    sinceMs: starts.length === 0 ? null : Math.min(...starts),
    affected: a.affected + b.affected,
    measures: Object.fromEntries([...names].map((name) => [name, larger(name)])),
  };
}
