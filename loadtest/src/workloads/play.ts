/** Plays one fault in a cluster with decoys through the core, and returns the last revision of its incident. */
import type { Alert, EvidenceQuery, EvidenceResult, Incident, ObjectReference } from '@faultline/model';
import { createRandom, type Random } from '../random/random.ts';
import { Cluster, clusterScope, type Report } from './cluster.ts';
import { decoyTimeMs, failingElsewhere, innocentChange, innocentRollout } from './decoys.ts';
import type { Expected, WorkloadFault } from './faults.ts';
import { runCore } from './run-core.ts';
import { evidenceOf, type System } from './telemetry.ts';
import { healthy, replicas, type WorkloadName } from './workload.ts';

/** `symptom`: a caller alerts, and there are traces. `rules`: a rule on the cluster's own metrics alerts, and there is no telemetry. */
export type AlertStyle = 'symptom' | 'rules';

export interface Played {
  /** Null: nothing of the cluster is at fault. */
  readonly expected: Expected | null;
  /** Changes that the fault made, by id. */
  readonly made: ReadonlySet<string>;
  readonly incident: Incident | null;
  readonly style: AlertStyle;
}

const startMs = Date.UTC(2026, 0, 5, 10);
const faultMs = startMs + 2 * 3_600_000;
const minuteMs = 60_000;

const names = ['cart', 'pay', 'stock', 'price', 'mail', 'search', 'profile', 'orders', 'geo', 'offers', 'ledger'];
const managers = ['kustomize-controller', 'helm', 'kubectl-edit', 'argocd-controller', 'alice'];

/** `fault: null`: the service returns errors of its own, and whatever is wrong in the cluster is a decoy. */
export function playFault(fault: WorkloadFault | null, seed: number): Played {
  const random = createRandom(seed).fork(fault?.name ?? 'none');
  const names = drawNames(random);
  const style: AlertStyle =
    (fault === null || fault.isFelt) && random.chance(fault === null ? 1 : 0.6) ? 'symptom' : 'rules';
  const cluster = new Cluster();
  cluster.begin(
    [...names.own, ...names.others, names.neighbour]
      .flatMap((of) => healthy(of, startMs))
      .concat([nodeDraft('n1'), nodeDraft('n2'), nodeDraft('n3')]),
    startMs,
  );
  playDecoys(cluster, names, random);
  const before = cluster.reports.length;
  const count = random.chance(0.7) ? replicas : random.int(1, replicas - 1);
  const expected =
    fault?.make({ cluster, of: names.faulted, atMs: faultMs, manager: random.pick(managers), count }) ?? null;
  const made = new Set(cluster.reports.slice(before).flatMap((one) => (one.kind === 'change' ? [one.change.id] : [])));
  const harm = {
    // Where every call fails, the first one of each request does.
    service: fault?.isEverywhere === true ? names.first.name : names.faulted.name,
    sinceMs: faultMs + 10_000,
    share: fault?.isEverywhere === true ? 0.9 : 0.9 * (count / replicas),
    isOwn: fault === null,
  };
  const alert = alertOf(style, names, { expected, random, delayMs: fault?.delayMs ?? 0 });
  const system = style === 'symptom' ? names.system : null;
  const incident = lastOf(
    runCore(cluster.reports, [alert], { answer: (query) => evidenceOf(query, system, harm, random) }),
  );
  return { expected, made, incident, style };
}

interface Names {
  /** web, api, the faulted service and what it calls. */
  readonly own: readonly WorkloadName[];
  readonly others: readonly WorkloadName[];
  /** In the same namespace, and nobody calls it. */
  readonly neighbour: WorkloadName;
  readonly faulted: WorkloadName;
  /** A caller of the faulted one calls it, too. */
  readonly sibling: WorkloadName;
  readonly entry: WorkloadName;
  /** What the entry calls. */
  readonly first: WorkloadName;
  readonly system: System;
}

function drawNames(random: Random): Names {
  const left = [...names];
  const draw = (namespace: string): WorkloadName => {
    const [name = 'x'] = left.splice(random.int(0, left.length - 1), 1);
    return { name, namespace };
  };
  const [web, api] = [draw('shop'), draw('shop')];
  const [faulted, sibling, store] = [draw('shop'), draw('shop'), draw('shop')];
  const neighbour = draw('shop');
  const others = Array.from({ length: 3 }, (_, i) => draw(`team-${i}`));
  const calls = [
    [web.name, api.name],
    [api.name, faulted.name],
    [api.name, sibling.name],
    [faulted.name, store.name],
    [sibling.name, store.name],
  ] as const;
  return {
    own: [web, api, faulted, sibling, store],
    others,
    neighbour,
    faulted,
    sibling,
    entry: web,
    first: api,
    system: { calls },
  };
}

function nodeDraft(name: string) {
  return ['Node', { metadata: { name, labels: { 'topology.kubernetes.io/zone': 'z1' } }, status: {} }] as const;
}

function playDecoys(cluster: Cluster, { own, others, neighbour, faulted, sibling }: Names, random: Random): void {
  const isOther = (of: WorkloadName) => of !== faulted;
  const rollouts = own.filter((of) => isOther(of) && random.chance(0.5)).map((of) => ({ of, isFailing: false }));
  const failing = [...others, neighbour].filter(() => random.chance(0.7)).map((of) => ({ of, isFailing: true }));
  // A callee of the same caller, of which one pod has failed for long or for minutes: the others serve.
  const partly = [sibling].filter(() => random.chance(0.4)).map((of) => ({ of, isFailing: true }));
  const changed = [faulted].filter(() => random.chance(0.5)).map((of) => ({ of, isFailing: false }));
  const timed = [...rollouts, ...failing, ...partly, ...changed].map((one) => ({
    ...one,
    atMs: decoyTimeMs(random, faultMs),
  }));
  for (const { of, isFailing, atMs } of timed.toSorted((a, b) => a.atMs - b.atMs))
    if (of === faulted) innocentChange(cluster, of, random, atMs);
    else if (isFailing) failingElsewhere(cluster, of, random, { atMs, most: of === sibling ? 1 : replicas });
    else innocentRollout(cluster, of, atMs);
}

function alertOf(
  style: AlertStyle,
  { entry, faulted }: Names,
  { expected, random, delayMs }: { expected: Expected | null; random: Random; delayMs: number },
): Alert {
  const { kind, name, namespace } = expected?.object ?? { kind: 'Deployment', ...faulted };
  const isNode = kind === 'Node';
  const label = ({ Job: 'job_name', Certificate: 'name' } as const)[kind] ?? kind.toLowerCase();
  const byRules = {
    name: `Kube${kind}Problem`,
    labels: { [label]: name, ...(!isNode && { namespace }) },
    entities: isNode ? { node: name } : kind === 'Deployment' ? { workload: name, namespace } : { namespace },
    startsAtMs: faultMs + delayMs + random.int(5, 15) * minuteMs,
  };
  const bySymptom = {
    name: 'HighErrorRate',
    labels: { service: entry.name },
    entities: { service: entry.name },
    startsAtMs: faultMs + random.int(60, 240) * 1000,
  };
  return firing(style === 'symptom' ? bySymptom : byRules);
}

export function firing(one: Pick<Alert, 'name' | 'labels' | 'entities' | 'startsAtMs'>): Alert {
  return {
    ...one,
    id: 'alert',
    scope: clusterScope,
    source: 'alertmanager',
    fingerprint: 'a',
    status: 'firing',
    severity: 'critical',
    summary: '',
    annotations: {},
    endsAtMs: null,
    receivedAtMs: one.startsAtMs,
    expiresAfterMs: null,
    url: '',
    raw: '',
  };
}

/** The incident of one alert about an object, after these reports and without any telemetry. */
export function incidentOf(reports: readonly Report[], object: ObjectReference, startsAtMs: number): Incident | null {
  const { kind, name, namespace } = object;
  const label = kind === 'Job' ? 'job_name' : kind === 'Certificate' ? 'name' : kind.toLowerCase();
  const entities =
    kind === 'Node' ? { node: name } : kind === 'Deployment' ? { workload: name, namespace } : { namespace };
  const labels = { [label]: name, ...(namespace !== '' && { namespace }) };
  const alert = firing({ name: `Kube${kind}Problem`, labels, entities, startsAtMs });
  return lastOf(runCore(reports, [alert], { answer: noTelemetry }));
}

/** A store that holds nothing. */
export function noTelemetry(query: EvidenceQuery): EvidenceResult {
  return evidenceOf(query, null, null, createRandom(1));
}

function lastOf(incidents: readonly Incident[]): Incident | null {
  return incidents.at(-1) ?? null;
}
