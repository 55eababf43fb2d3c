/**
 * Drift: a field of a cluster's object that differs from what it should be. It is compared with other clusters, with the declared state, and
 * with the object's own past (docs/adr/0042-drift.md).
 */
import type { Change, ChangeKind } from './change.ts';
import type { Entities } from './entity.ts';
import { contentId } from './hash.ts';
import { type ObjectReference, objectText } from './object-reference.ts';
import type { Scope } from './scope.ts';

/**
 * What an object is compared with. `cluster`: the same object of other clusters. `declared`: what Git, Helm or `kubectl apply` says. `past`:
 * its own value before somebody changed it by hand.
 */
export const driftComparisons = ['cluster', 'declared', 'past'] as const;
export type DriftComparison = (typeof driftComparisons)[number];

/** By what the path touches, in falling order. */
export const driftRisks = ['high', 'medium', 'low'] as const;
export type DriftRisk = (typeof driftRisks)[number];

/** What a path touches. It decides the risk. */
export const driftAreas = [
  'image',
  'command',
  'environment',
  'configuration',
  'secret',
  'resources',
  'replicas',
  'probe',
  'volume',
  'security',
  'network',
  'scheduling',
  'rollout-policy',
  'scaling-policy',
  'delivery',
  'label',
  'other',
] as const;
export type DriftArea = (typeof driftAreas)[number];

/** One difference of one object at one path. Each version has the same id: the last one counts. */
export interface Drift {
  /** Hash of cluster, object, path and comparison. */
  readonly id: string;
  readonly scope: Scope;
  readonly cluster: string;
  readonly object: ObjectReference;
  /** The workload, service, namespace and cluster that it concerns, named as alerts and spans name them. */
  readonly entities: Entities;
  readonly against: DriftComparison;
  /** For people: the other clusters, the Application, Kustomization or release, or the usual field manager. */
  readonly reference: string;
  /** List items are addressed by name, as in `ChangedPath`. Empty: the whole object. */
  readonly path: string;
  /** JSON, cut at 200 characters; null where the path is absent. Salted hashes stand for secret values. */
  readonly value: string | null;
  readonly expected: string | null;
  /** False: the value before is not known, since nobody watched when it was changed. Then `expected` is null. */
  readonly isExpectedKnown: boolean;
  readonly area: DriftArea;
  readonly risk: DriftRisk;
  /** Since when it differs, ms since 1970, by the API's own time where it has one. */
  readonly sinceMs: number;
  /** When it ended. Null: it still differs. */
  readonly endedAtMs: number | null;
  /** When this version was made, ms since 1970. */
  readonly observedAtMs: number;
  /** Who made it: the person or the field manager. Empty: not known. */
  readonly actor: string;
  /** `Change.id` of the change that made it. Empty: none is known. */
  readonly changeId: string;
  /** Team and contact of the owner, as labels and annotations say. Empty: they do not say. */
  readonly team: string;
  readonly contact: string;
  /** A strategic merge patch of the object as JSON, or a merge patch for a custom resource. Empty: none can be written. */
  readonly patch: string;
  /** A command that makes the value what is expected. Empty: none is known. */
  readonly command: string;
  /** Hash of the value and what it is compared with, before they are cut. An acceptance holds for these only. */
  readonly valuesId: string;
}

/** Somebody's word that a drift may stay, until a date. Kept on `config`; the last one of each drift counts. */
export interface DriftAcceptance {
  readonly driftId: string;
  readonly scope: Scope;
  readonly cluster: string;
  /** `Drift.valuesId` of what was accepted. Another value is open again. */
  readonly valuesId: string;
  readonly reason: string;
  /** The person, or the role of the token. */
  readonly actor: string;
  readonly acceptedAtMs: number;
  /** The drift is open again from then on, ms since 1970. */
  readonly untilMs: number;
  /** The idempotency key of the request. */
  readonly commandId: string;
}

export type DriftState = 'open' | 'accepted';

/** A drift as it is listed. `acceptance` is null while it is open. */
export interface ListedDrift {
  readonly drift: Drift;
  readonly state: DriftState;
  readonly acceptance: DriftAcceptance | null;
}

/** Whether an acceptance holds now: the end date is ahead and the values are those that were accepted. */
export function isAccepted(
  drift: Pick<Drift, 'valuesId'>,
  acceptance: DriftAcceptance | undefined,
  nowMs: number,
): acceptance is DriftAcceptance {
  return acceptance !== undefined && acceptance.untilMs > nowMs && acceptance.valuesId === drift.valuesId;
}

/** Whether a JSON value is, or holds, a salted hash of a secret value. */
export function isHashed(json: string | null): boolean {
  return json !== null && /hash:[0-9a-f]{24}/.test(json);
}

/** The source of alerts about drift. An incident that has only these never pages. */
export const driftAlertSource = 'kubernetes-drift';

/** Made by the watched cluster, as its changes are. */
const driftSource = 'kubernetes';

/** What `ChangeKind` a difference of an area is. Any other area is configuration. */
const changeKindOf: Readonly<Partial<Record<DriftArea, ChangeKind>>> = { image: 'deploy', replicas: 'scale' };

/**
 * The change that a drift is, for the core: evidence beside a cause, by its age. A drift whose change was reported has the id of that change,
 * so that it counts once.
 */
export function changeOfDrift(drift: Drift): Change {
  const { id, scope, area, entities, actor, sinceMs, changeId, valuesId, observedAtMs } = drift;
  return {
    id: changeId === '' ? contentId('drift', id, valuesId) : changeId,
    scope,
    source: driftSource,
    kind: changeKindOf[area] ?? 'config',
    entities,
    summary: driftText(drift),
    actor,
    startedAtMs: sinceMs,
    endedAtMs: sinceMs,
    version: '',
    previousVersion: '',
    url: '',
    receivedAtMs: observedAtMs,
    raw: '',
    cluster: {
      object: drift.object,
      revision: '',
      manager: actor,
      commit: '',
      images: [],
      paths: [{ path: drift.path, from: drift.expected, to: drift.value }],
      omittedPaths: 0,
      rollout: null,
    },
  };
}

const differsFrom: Readonly<Record<DriftComparison, (reference: string) => string>> = {
  cluster: (reference) => `differs from ${reference}`,
  declared: (reference) => `differs from ${reference}`,
  past: (reference) => `was changed by hand, and ${reference} usually writes it`,
};

/** For people: `Deployment shop/pay differs from a, c: spec.replicas is 5, expected 3`. */
export function driftText({ object, against, reference, path, value, expected, isExpectedKnown }: Drift): string {
  const what = `${objectText(object)} ${differsFrom[against](reference)}`;
  if (path === '') return what;
  if (isHashed(value) || isHashed(expected)) return `${what}: ${path}`;
  return `${what}: ${path} is ${value ?? 'absent'}${isExpectedKnown ? `, expected ${expected ?? 'none'}` : ''}`;
}
