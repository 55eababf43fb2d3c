/** From a difference to the record of it: who made it, since when, whose it is, how risky it is and how to repair it. Pure. */
import { contentId, type Drift } from '@faultline/model';
import { deliveryOf } from '../change/actor.ts';
import { shown } from '../change/compare.ts';
import { type ClusterIdentity, idOf, qualified } from '../change/subject.ts';
import type { ClusterModel, KnownObject } from '../cluster/model.ts';
import { ownershipOf } from '../cluster/ownership.ts';
import { concernedBy } from '../cluster/users.ts';
import { entitiesOfWorkload } from '../cluster/workload.ts';
import type { ObservedObject } from '../decode/object.ts';
import { areaOf } from './areas.ts';
import { coveringEdit } from './compare-past.ts';
import type { Difference } from './difference.ts';
import type { ReleasedObject } from './releases.ts';
import { type DeliverySource, repairOf } from './repair.ts';
import { keyOf, nameOf } from './subject.ts';

export interface VersionContext {
  readonly model: ClusterModel;
  readonly identity: ClusterIdentity;
  readonly released: ReleasedObject | null;
  readonly nowMs: number;
}

/** A record of a difference. `sinceMs` is null where neither the API nor a change tells. */
export type DriftDraft = Omit<Drift, 'sinceMs'> & { readonly sinceMs: number | null };

export function draftOf(context: VersionContext, known: KnownObject, difference: Difference): DriftDraft {
  const { identity, nowMs } = context;
  const { observed } = known;
  const { against, reference, path, value, expected, isExpectedKnown } = difference;
  return {
    id: idOf(identity, 'drift', keyOf(nameOf(observed)), path, against),
    scope: identity.scope,
    cluster: identity.cluster,
    object: observed.reference,
    entities: entitiesOf(context, observed),
    against,
    reference,
    path,
    value: shown(value),
    expected: shown(expected),
    isExpectedKnown,
    ...pick(areaOf(observed.reference.kind, path)),
    endedAtMs: null,
    observedAtMs: nowMs,
    ...authorOf(known, difference),
    ...ownerOf(context.model, observed),
    ...repairOf(difference, {
      object: observed.reference,
      resource: observed.resource,
      source: sourceOf(observed, context.released),
    }),
    valuesId: valuesIdOf(difference),
  };
}

/** What it was compared with is part of it, except in the past: a restart forgets that. */
function valuesIdOf({ against, value, expected }: Difference): string {
  const json = (part: typeof value) => JSON.stringify(part) ?? '';
  return contentId(json(value), against === 'past' ? '' : json(expected));
}

function pick({ area, risk }: Pick<Drift, 'area' | 'risk'>): Pick<Drift, 'area' | 'risk'> {
  return { area, risk };
}

/** The workload that suffers. A ConfigMap that many use stands for its namespace. */
function entitiesOf({ model, identity }: VersionContext, observed: ObservedObject): Drift['entities'] {
  const [only, ...others] = concernedBy(model, observed);
  const { namespace } = observed.reference;
  if (only !== undefined && others.length === 0)
    return qualified(model, entitiesOfWorkload(model, only, identity.cluster));
  return { ...(namespace !== '' && { namespace }), cluster: identity.cluster };
}

type Author = Pick<Drift, 'actor' | 'changeId'> & { readonly sinceMs: number | null };

/** Times of field managers are whole seconds. */
const sameTimeMs = 1000;

/** Who wrote the field by hand, or else who made the last change that was seen. */
function authorOf({ observed, actor, changedAtMs, changeId }: KnownObject, difference: Difference): Author {
  const owners = observed.origin?.owners;
  const edit = owners === undefined ? null : coveringEdit(owners, difference.steps);
  const changeAt = (atMs: number | null) =>
    atMs !== null && Math.abs(atMs - changedAtMs) <= sameTimeMs ? changeId : '';
  if (edit !== null) return { actor: edit.manager, sinceMs: edit.atMs, changeId: changeAt(edit.atMs) };
  if (difference.actor !== null) return { actor: difference.actor, sinceMs: difference.sinceMs, changeId: '' };
  return changedAtMs > 0
    ? { actor, sinceMs: changedAtMs, changeId }
    : { actor: '', sinceMs: difference.sinceMs, changeId: '' };
}

/** The owner that the object names, or else its namespace. */
function ownerOf(model: ClusterModel, observed: ObservedObject): Pick<Drift, 'team' | 'contact'> {
  const namespace = model.get('namespaces', '', observed.reference.namespace);
  const own = ownershipOf(observed);
  const ownership =
    own !== null && own.team !== '' ? own : namespace === undefined ? own : ownershipOf(namespace.observed);
  return { team: ownership?.team ?? '', contact: ownership?.contact ?? '' };
}

function sourceOf(
  { labels, annotations, reference }: ObservedObject,
  released: ReleasedObject | null,
): DeliverySource | null {
  if (reference.kind === 'Application' || reference.kind === 'Kustomization' || reference.kind === 'HelmRelease')
    return { ...reference, revision: '' };
  const source = deliveryOf(labels, annotations)?.source ?? null;
  if (source !== null) return { ...source, revision: released?.revision ?? '' };
  return released === null
    ? null
    : { kind: 'release', namespace: released.namespace, name: released.release, revision: released.revision };
}
