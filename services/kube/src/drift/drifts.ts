/** Which drift there is: looks again at what an event may concern, and returns what began, changed or ended. No I/O, no clock. */
import type { OutgoingRecord } from '@faultline/bus';
import { applyDriftRecord, createDriftBook, type Drift, type DriftBook } from '@faultline/model';
import type { JsonObject } from '../api/json.ts';
import type { ClusterIdentity } from '../change/subject.ts';
import type { ClusterModel, KnownObject } from '../cluster/model.ts';
import type { Records } from '../cluster/saved.ts';
import type { ObservedObject } from '../decode/object.ts';
import { resourceKinds, resourceName } from '../resources/table.ts';
import type { DriftConfig } from './config.ts';
import { applicationText, outOfSync } from './delivery.ts';
import { expectedTest } from './expected.ts';
import { type FindRules, findDifferences, isScaledByAutoscaler, scaleTargetOf } from './find.ts';
import { createNaming, type Naming } from './naming.ts';
import { driftAlert, noticeable, noticeStartMs } from './notice.ts';
import { type FollowedRecord, Peers } from './peers.ts';
import { Releases } from './releases.ts';
import { keyOf, nameOf, type SubjectName } from './subject.ts';
import { type DriftDraft, draftOf } from './version.ts';

export interface DriftsOptions {
  readonly model: ClusterModel;
  readonly records: Records;
  readonly identity: ClusterIdentity;
  readonly config: DriftConfig;
  /** Names the salt of this cluster's hashes. */
  readonly saltId: string;
  /** Known drift of this cluster, by id. */
  readonly saved: ReadonlyMap<string, Drift>;
  /** An object of this resource could not be handled. */
  readonly onProblem: (resource: string, error: unknown) => void;
}

/** Objects that one call looks at: the rest waits, so that no call takes long. */
const maxSubjects = 500;

interface Subject {
  readonly name: SubjectName;
  /** The version before the event; null: none was seen. */
  readonly before: JsonObject | null;
}

export class Drifts {
  readonly #options: DriftsOptions;
  readonly #naming: Naming;
  readonly #peers: Peers;
  readonly #releases = new Releases();
  readonly #rules: FindRules;
  readonly #dirty = new Map<string, Subject>();
  /** Objects of this cluster by the name that they share with those of other clusters. */
  readonly #shared = new Map<string, Map<string, SubjectName>>();
  /** Present drift by object, then by id. */
  readonly #known = new Map<string, Map<string, Drift>>();
  /** When a difference that is not reported yet was first seen, by object and id. */
  readonly #pending = new Map<string, ReadonlyMap<string, number>>();
  /** The Application that reports an object as out of sync, by object; and the objects of each Application. */
  readonly #outOfSync = new Map<string, string>();
  readonly #ofApplication = new Map<string, readonly SubjectName[]>();
  /** Objects whose owner was told, with the start of the alert. */
  readonly #noticed = new Map<string, number>();
  #isFirstTick = true;
  /** Objects whose drift was saved, and that were not looked at since the start. */
  readonly #isRestored: Set<string>;
  /** The object of each present drift. */
  readonly #keyOfDrift = new Map<string, string>();
  /** What people accepted. */
  readonly #book: DriftBook = createDriftBook();

  constructor(options: DriftsOptions) {
    this.#options = options;
    const { config, identity, saltId } = options;
    this.#naming = createNaming(config.sameObject);
    this.#peers = new Peers({ identity, naming: this.#naming, compareWith: config.compareWith });
    this.#rules = {
      cluster: identity.cluster,
      saltId,
      reference: config.reference,
      compareSecretValues: config.compareSecretValues,
      isExpected: expectedTest(config.expected),
    };
    for (const drift of options.saved.values()) this.#remember(drift);
    this.#isRestored = new Set(this.#known.keys());
  }

  /** Whether objects wait to be looked at. */
  get hasMore(): boolean {
    return this.#dirty.size > 0;
  }

  /** A record of `config`: an object of another cluster, or an acceptance. */
  follow(record: FollowedRecord): void {
    if (applyDriftRecord(this.#book, record)) {
      this.#markKey(this.#keyOfDrift.get(record.key.split('/').at(-1) ?? '') ?? '');
      return;
    }
    const shared = this.#peers.take(record);
    if (shared === null) return;
    for (const name of this.#shared.get(shared)?.values() ?? []) this.#markName(name, null);
  }

  /** An object came, changed or went. `after` is null for one that is gone. */
  mark(before: ObservedObject | null, after: ObservedObject | null): void {
    const observed = after ?? before;
    if (observed === null || observed.origin === null) return;
    if (isUnchanged(before, after)) return;
    const name = nameOf(observed);
    if (observed.resource === 'secrets') for (const key of this.#releases.take(observed, after)) this.#markKey(key);
    if (observed.resource === 'applications.argoproj.io') this.#markApplication(observed, after);
    this.#markScaled(observed);
    this.#share(name, after !== null);
    this.#markName(name, before?.body ?? null);
  }

  /** Looks again at what only time changes: differences that were too young to be reported, and objects that are gone. */
  markWaiting(): void {
    for (const key of this.#pending.keys()) this.#markKey(key);
    for (const id of this.#book.acceptances.keys()) this.#markKey(this.#keyOfDrift.get(id) ?? '');
    // Objects may have gone while nobody watched.
    if (this.#isFirstTick) for (const key of this.#known.keys()) this.#markKey(key);
    this.#isFirstTick = false;
  }

  #markKey(key: string): void {
    if (key === '') return;
    const [resource = '', namespace = '', name = ''] = key.split('/');
    this.#markName({ resource, namespace, name }, null);
  }

  /** The first version before counts: the events after it may be about the status only. */
  #markName(name: SubjectName, before: JsonObject | null): void {
    const key = keyOf(name);
    this.#dirty.set(key, { name, before: this.#dirty.get(key)?.before ?? before });
  }

  #share(name: SubjectName, isPresent: boolean): void {
    const shared = this.#naming(name.resource, name);
    const names = this.#shared.get(shared) ?? new Map<string, SubjectName>();
    if (isPresent) names.set(keyOf(name), name);
    else names.delete(keyOf(name));
    if (names.size === 0) this.#shared.delete(shared);
    else this.#shared.set(shared, names);
  }

  #markScaled(observed: ObservedObject): void {
    const target = scaleTargetOf(observed);
    const resource = target === null ? undefined : resourceOfKind.get(target.kind);
    if (target === null || resource === undefined) return;
    this.#markName({ resource, namespace: observed.reference.namespace, name: target.name }, null);
  }

  #markApplication(application: ObservedObject, after: ObservedObject | null): void {
    const id = keyOf(nameOf(application));
    const before = this.#ofApplication.get(id) ?? [];
    const now = (after === null ? [] : outOfSync(after)).flatMap(({ kind, namespace, name }) => {
      const resource = resourceOfKind.get(kind);
      return resource === undefined ? [] : [{ resource, namespace, name }];
    });
    for (const name of before) this.#outOfSync.delete(keyOf(name));
    for (const name of now) this.#outOfSync.set(keyOf(name), applicationText(application));
    this.#ofApplication.set(id, now);
    for (const name of [...before, ...now]) this.#markName(name, null);
  }

  /** The records of everything that differs since the last call, for at most `maxSubjects` objects. */
  take(nowMs: number): readonly OutgoingRecord[] {
    const subjects = [...this.#dirty].slice(0, maxSubjects);
    for (const [key] of subjects) this.#dirty.delete(key);
    return subjects.flatMap(([key, subject]) => this.#tryLook(key, subject, nowMs));
  }

  /** An object that cannot be compared is a bug. Its drift stays as it is, and the others go on. */
  #tryLook(key: string, subject: Subject, nowMs: number): readonly OutgoingRecord[] {
    try {
      return this.#look(key, subject, nowMs);
    } catch (error) {
      this.#options.onProblem(subject.name.resource, error);
      return [];
    }
  }

  #look(key: string, { name, before }: Subject, nowMs: number): readonly OutgoingRecord[] {
    const object = this.#options.model.get(name.resource, name.namespace, name.name);
    const drafts = object === undefined ? [] : this.#draftsOf(key, object, { before, nowMs });
    const known = this.#known.get(key) ?? new Map<string, Drift>();
    const [present, pending] = this.#settled(key, drafts, { known, nowMs });
    if (pending.size > 0) this.#pending.set(key, pending);
    else this.#pending.delete(key);
    const ids = new Set(present.map(({ id }) => id));
    const news = present.filter((drift) => !isSameDrift(known.get(drift.id), drift));
    const ended = [...known.values()]
      .filter(({ id }) => !ids.has(id))
      .map((drift): Drift => ({ ...drift, endedAtMs: nowMs, observedAtMs: nowMs }));
    const told = this.#noticedBefore(key, nowMs);
    const records = [...news, ...ended].flatMap((drift) => this.#recordsOf(drift, known.get(drift.id)));
    return [...records, ...this.#noticeRecords(key, { told, last: ended[0], nowMs })];
  }

  #draftsOf(
    key: string,
    object: KnownObject,
    { before, nowMs }: { readonly before: JsonObject | null; readonly nowMs: number },
  ): readonly DriftDraft[] {
    const { model, identity } = this.#options;
    const { observed, changedAtMs } = object;
    const released = this.#releases.of(key);
    const differences = findDifferences(
      {
        observed,
        changedAtMs,
        before,
        released,
        outOfSync: this.#outOfSync.get(key) ?? '',
        others: this.#peers.versionsOf(this.#naming(observed.resource, observed.reference)),
        isScaled: isScaledByAutoscaler(model, observed),
      },
      this.#rules,
    );
    return differences.map((difference) => draftOf({ model, identity, released, nowMs }, object, difference));
  }

  /** Splits differences into those that are reported and those that wait: a rollout reaches one cluster after the other. */
  #settled(
    key: string,
    drafts: readonly DriftDraft[],
    { known, nowMs }: { readonly known: ReadonlyMap<string, Drift>; readonly nowMs: number },
  ): readonly [readonly Drift[], ReadonlyMap<string, number>] {
    const seen = this.#pending.get(key);
    const present: Drift[] = [];
    const pending = new Map<string, number>();
    for (const draft of drafts) {
      const before = known.get(draft.id);
      const firstMs = seen?.get(draft.id) ?? nowMs;
      if (before !== undefined) present.push(...nextVersion(before, draft, nowMs));
      else if (nowMs - Math.min(draft.sinceMs ?? firstMs, nowMs) >= this.#options.config.settleMs)
        present.push({ ...draft, sinceMs: Math.min(draft.sinceMs ?? firstMs, nowMs) });
      else pending.set(draft.id, firstMs);
    }
    return [present, pending];
  }

  /** The start of the alert that is out; null: none is. A restart takes it from what was saved, and an acceptance as it was given. */
  #noticedBefore(key: string, nowMs: number): number | null {
    const { notify } = this.#options.config;
    const { acceptances } = this.#book;
    const told = this.#noticed.get(key);
    if (told !== undefined || !this.#isRestored.delete(key)) return told ?? null;
    const atMs = Math.min(nowMs, ...[...acceptances.values()].map(({ acceptedAtMs }) => acceptedAtMs));
    const open = noticeable([...(this.#known.get(key)?.values() ?? [])], { notify, acceptances, nowMs: atMs });
    return open.length === 0 ? null : noticeStartMs(open, acceptances);
  }

  /** An alert when the object gets its first drift that nobody accepted, and its end when none is left. */
  #noticeRecords(
    key: string,
    { told, last, nowMs }: { readonly told: number | null; readonly last: Drift | undefined; readonly nowMs: number },
  ): readonly OutgoingRecord[] {
    const { records, config } = this.#options;
    const { acceptances } = this.#book;
    const drifts = [...(this.#known.get(key)?.values() ?? [])];
    const [first, ...others] = noticeable(drifts, { notify: config.notify, acceptances, nowMs });
    if (first !== undefined) {
      const startsAtMs = told ?? noticeStartMs([first, ...others], acceptances);
      this.#noticed.set(key, startsAtMs);
      return told === null
        ? [records.alert(driftAlert([first, ...others], { startsAtMs, endsAtMs: null, nowMs }))]
        : [];
    }
    this.#noticed.delete(key);
    const about = last ?? drifts[0];
    if (told === null || about === undefined) return [];
    return [records.alert(driftAlert([about], { startsAtMs: told, endsAtMs: nowMs, nowMs }))];
  }

  /** Another owner, or one more cluster to compare with, is kept and not reported: the difference is the same. */
  #recordsOf(drift: Drift, before: Drift | undefined): readonly OutgoingRecord[] {
    this.#remember(drift);
    const { records } = this.#options;
    const isNews = drift.endedAtMs !== null || before?.valuesId !== drift.valuesId;
    const isForgotten = drift.endedAtMs !== null && this.#book.acceptances.has(drift.id);
    return [
      ...(isNews ? [records.driftReport(drift)] : []),
      records.driftState(drift),
      ...(isForgotten ? [records.acceptanceGone(drift.id)] : []),
    ];
  }

  #remember(drift: Drift): void {
    const { kind, namespace, name } = drift.object;
    const key = keyOf({ resource: resourceOfKind.get(kind) ?? kind, namespace, name });
    const known = this.#known.get(key) ?? new Map<string, Drift>();
    if (drift.endedAtMs === null) {
      known.set(drift.id, drift);
      this.#keyOfDrift.set(drift.id, key);
    } else {
      known.delete(drift.id);
      this.#keyOfDrift.delete(drift.id);
    }
    if (known.size === 0) this.#known.delete(key);
    else this.#known.set(key, known);
  }
}

/** Kinds whose status says what is declared. */
const deliveryKinds: ReadonlySet<string> = new Set(['Application', 'Kustomization', 'HelmRelease']);

/** Whether only a status differs, which is no drift. */
function isUnchanged(before: ObservedObject | null, after: ObservedObject | null): boolean {
  if (before === null || after === null || before.origin === null || deliveryKinds.has(after.reference.kind))
    return false;
  return before.body === after.body && before.uid === after.uid && isSameOrigin(before, after);
}

function isSameOrigin(before: ObservedObject, after: ObservedObject): boolean {
  const textOf = ({ origin, labels, annotations }: ObservedObject) => JSON.stringify([origin, labels, annotations]);
  return textOf(before) === textOf(after);
}

const resourceOfKind = new Map(resourceKinds.map((entry) => [entry.kind, resourceName(entry)]));

/**
 * The next version of a drift that is reported. Empty: the value is again what it was before somebody changed it. A restart forgets the past,
 * so what was known of it stays.
 */
function nextVersion(before: Drift, draft: DriftDraft, nowMs: number): readonly Drift[] {
  const keepsPast = draft.against === 'past' && !draft.isExpectedKnown && before.isExpectedKnown;
  if (draft.against === 'past' && before.isExpectedKnown && draft.value === before.expected) return [];
  const { expected, isExpectedKnown, patch, command } = keepsPast ? before : draft;
  const isOld = before.valuesId === draft.valuesId;
  const { sinceMs, actor, changeId } = isOld
    ? before
    : { sinceMs: Math.min(draft.sinceMs ?? nowMs, nowMs), actor: draft.actor, changeId: draft.changeId };
  return [{ ...draft, expected, isExpectedKnown, patch, command, sinceMs, actor, changeId }];
}

/** Everything but the time of the look. */
function isSameDrift(a: Drift | undefined, b: Drift): boolean {
  if (a === undefined) return false;
  const text = (drift: Drift) =>
    JSON.stringify([
      drift.valuesId,
      drift.reference,
      drift.expected,
      drift.risk,
      drift.team,
      drift.contact,
      sorted(drift),
      drift.patch,
      drift.command,
      drift.sinceMs,
    ]);
  return text(a) === text(b);
}

function sorted({ entities }: Drift): readonly (readonly [string, string | undefined])[] {
  return Object.entries(entities).sort(([a], [b]) => (a < b ? -1 : 1));
}
