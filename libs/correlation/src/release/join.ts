/**
 * Joins the reports of one rollout by several tools. A pure function of the set of changes: the order in which they came, and restarts,
 * make no difference. See docs/adr/0046-one-change-per-rollout.md.
 */
import { type Change, type ChangeReport, isLocalClusterName } from '@faultline/model';
import { commitsOfRelease, indexPushes, type PushesByCommit } from './commits.ts';
import { identityOf, type ReleaseIdentity } from './identity.ts';

/** One change as the ranking sees it. Its id is the id of one of its reports. */
export interface JoinedChange extends Change {
  /** By time. Empty: one tool reported it. */
  readonly reports: readonly ChangeReport[];
}

/** How far apart the reports of different tools may be, end to start. */
const maxGapMs = 15 * 60_000;
/** Reports of one tool further apart are two rollouts, such as a version that is rolled out again. */
const maxOwnGapMs = 2 * 60_000;

/** Reports of one rollout. The first one says the most. */
type Group = [Report, ...Report[]];

const deliveryKinds: ReadonlySet<Change['kind']> = new Set(['deploy', 'rollback']);

interface Report {
  readonly change: Change;
  readonly identity: ReleaseIdentity;
  readonly fromMs: number;
  readonly toMs: number;
}

/** All changes, those of one rollout as one, in the order of their ids. */
export function joinChanges(changes: readonly Change[]): JoinedChange[] {
  const deliveries = changes.filter(({ kind }) => deliveryKinds.has(kind)).map(reportOf);
  const pushes = indexPushes(changes);
  const joined = groupReports(deliveries).map((group) => joinGroup(group, pushes));
  const delivered = new Set(joined.flatMap(({ reports }) => reports.map(({ changeId }) => changeId)));
  const others = changes.filter(({ id, kind }) => !deliveryKinds.has(kind) && !delivered.has(id));
  return [...joined, ...others.map((change) => ({ ...change, reports: [] }))].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function reportOf(change: Change): Report {
  const toMs = Math.max(change.startedAtMs, change.endedAtMs ?? 0);
  return { change, identity: identityOf(change), fromMs: change.startedAtMs, toMs };
}

/**
 * Reports that say the most of where they belong open groups first. What names less joins the nearest in time. All reports are sorted before, so
 * the result does not depend on when one came.
 */
function groupReports(reports: readonly Report[]): Group[] {
  const groups: Group[] = [];
  const byKey = new Map<string, Set<Group>>();
  for (const report of [...reports].sort(byDetail)) {
    const near = new Set(keysOf(report).flatMap((key) => [...(byKey.get(key) ?? [])]));
    const known = nearest(report, near);
    const group: Group = known ?? [report];
    if (known === null) groups.push(group);
    else known.push(report);
    for (const key of keysOf(report)) byKey.set(key, (byKey.get(key) ?? new Set()).add(group));
  }
  return groups;
}

function keysOf({ identity }: Report): readonly string[] {
  return [...identity.strong, ...identity.weak];
}

function byDetail(a: Report, b: Report): number {
  return detail(b) - detail(a) || a.fromMs - b.fromMs || (a.change.id < b.change.id ? -1 : 1);
}

/** How surely a report names the place. A repository names no running service, so its reports come last. */
function detail({ change, identity }: Report): number {
  const { scope, entities, cluster } = change;
  const named = [scope.environment, namedCluster(change), entities.namespace].filter(Boolean).length;
  return (cluster ? 8 : 0) + (identity.isNamedByRepository ? 0 : 4) + named;
}

/** The group that a report belongs to. Without an equal subject, only one rollout may have the commit, digest or image. */
function nearest(report: Report, groups: Iterable<Group>): Group | null {
  const fitting = [...groups].filter((group) => group.every((member) => mayBeOne(report, member)));
  const own = fitting.filter((group) => group.some((member) => isSameSubject(report, member)));
  if (own.length > 0) return closest(report, own);
  const renamed = fitting.filter((group) => group.some((member) => isRenamed(report, member)));
  return renamed.length === 1 ? (renamed[0] ?? null) : null;
}

function closest(report: Report, groups: readonly Group[]): Group {
  const distance = (group: Group) => Math.min(...group.map((member) => Math.abs(member.fromMs - report.fromMs)));
  return groups.reduce((best, group) => (distance(group) < distance(best) ? group : best));
}

function isSameSubject({ identity: a }: Report, { identity: b }: Report): boolean {
  return a.subject !== '' && a.subject.toLowerCase() === b.subject.toLowerCase();
}

function isRenamed({ identity: a }: Report, { identity: b }: Report): boolean {
  return (a.isNamedByRepository || a.subject === '') && a.strong.some((key) => b.strong.includes(key));
}

/** Whether nothing says that two reports are of different rollouts. */
function mayBeOne(a: Report, b: Report): boolean {
  // A cluster reports each rollout of each object once.
  if (a.change.cluster && b.change.cluster) return false;
  const gapMs = Math.max(a.fromMs, b.fromMs) - Math.min(a.toMs, b.toMs);
  if (gapMs > (a.change.source === b.change.source ? maxOwnGapMs : maxGapMs)) return false;
  const [left, right] = [a.identity.digests, b.identity.digests];
  if (left.length > 0 && right.length > 0 && !left.some((digest) => right.includes(digest))) return false;
  return isSamePlace(a.change, b.change);
}

function isSamePlace(a: Change, b: Change): boolean {
  const agree = (left = '', right = '') => left === '' || right === '' || left === right;
  return (
    agree(a.scope.environment, b.scope.environment) &&
    agree(namedCluster(a), namedCluster(b)) &&
    agree(a.entities.namespace, b.entities.namespace)
  );
}

/** Argo CD calls its own cluster `in-cluster`, which says nothing of which one it is. */
function namedCluster({ entities: { cluster = '' } }: Change): string {
  return isLocalClusterName(cluster) ? '' : cluster;
}

function namedEntities(change: Change): Change['entities'] {
  const { cluster, ...others } = change.entities;
  return cluster === undefined || namedCluster(change) !== '' ? change.entities : others;
}

/** The first report says the most; the others fill in what it lacks. */
function joinGroup(group: Group, allPushes: PushesByCommit): JoinedChange {
  const [{ change: main }] = group;
  const members = group.map(({ change }) => change);
  const { commits, omittedCommits, pushes } = commitsOfRelease(members, allPushes);
  const all = [...members, ...pushes];
  const first = <Value extends string>(pick: (change: Change) => Value | undefined) =>
    members.map(pick).find(Boolean) ?? '';
  const endedAtMs = members.map((change) => change.endedAtMs ?? 0).reduce((a, b) => Math.max(a, b), 0);
  const release = members.find((change) => change.release)?.release ?? null;
  return {
    ...main,
    scope: { ...main.scope, environment: first(({ scope }) => scope.environment) },
    entities: Object.assign({}, ...members.map(namedEntities).reverse()),
    kind: members.some(({ kind }) => kind === 'rollback') ? 'rollback' : main.kind,
    actor: actorsOf(members, main.actor),
    startedAtMs: Math.min(...members.map(({ startedAtMs }) => startedAtMs)),
    endedAtMs: endedAtMs === 0 ? null : endedAtMs,
    version: first(({ version }) => version),
    previousVersion: first(({ previousVersion }) => previousVersion),
    url: first(({ url }) => url),
    ...(release === null && commits.length === 0
      ? {}
      : { release: { ...(release ?? emptyRelease), commits, omittedCommits } }),
    reports: all.length === 1 ? [] : all.map(toReport).sort(byTime),
  };
}

const emptyRelease = { repository: '', commit: '', previousCommit: '', images: [], commits: [], omittedCommits: 0 };

/** Each actor once, people as well as tools: both are part of the answer to "who". */
function actorsOf(members: readonly Change[], fallback: string): string {
  const byStart = [...members].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  const actors = [...new Set(byStart.map(({ actor }) => actor).filter((actor) => actor !== ''))];
  return actors.length === 0 ? fallback : actors.slice(0, maxActors).join(', ');
}
const maxActors = 6;

function toReport({ id, source, actor, summary, url, startedAtMs }: Change): ChangeReport {
  return { changeId: id, source, actor, summary, url, startedAtMs };
}

function byTime(a: ChangeReport, b: ChangeReport): number {
  return a.startedAtMs - b.startedAtMs || (a.changeId < b.changeId ? -1 : 1);
}
