/** The handler of GetWorkload. Health and present faults come from memory, so they can be read while the store is down. */
import type { Change, WorkloadFinding } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { Call } from '../api/call.ts';
import { FieldError, notFound } from '../errors.ts';
import { isAbout } from '../incident/filter.ts';
import type { IncidentReadModel } from '../incident/read-model.ts';
import type { ReadStore } from '../read-model/store.ts';
import type { createRightsizing } from '../rightsizing/listing.ts';
import { driftOf } from './drift.ts';
import { answerText, placeOf, statusOf, type WorkloadStatus } from './health.ts';
import { changeJson, findingJson, podJson, summaryJson } from './json.ts';
import type { KnownWorkload } from './known-workload.ts';
import type { WorkloadReadModel } from './read-model.ts';
import type { GetWorkloadRequest } from './requests.ts';

export interface WorkloadGetterOptions {
  readonly model: WorkloadReadModel;
  readonly incidents: IncidentReadModel;
  readonly readStore: ReadStore;
  readonly clock: Clock;
  readonly rightsizing: Pick<ReturnType<typeof createRightsizing>, 'ofWorkload'>;
}

const dayMs = 86_400_000;
const changesMs = 7 * dayMs;
/** The tables keep changes for ever. One that made a fault may be much older than it. */
const causesMs = 90 * dayMs;
const maxRollouts = 10;
const maxChanges = 50;

export function createWorkloadGetter({ model, incidents, readStore, clock, rightsizing }: WorkloadGetterOptions) {
  return async (request: GetWorkloadRequest, { tenant }: Call) => {
    model.requireReady();
    const workload = choose(model.list(tenant), request);
    const status = statusOf(model, workload);
    const missing: Missing[] = [];
    const orMissing = missingInto(missing);
    const { cluster, object } = workload;
    const place = { cluster, namespace: object.namespace, workload: object.name };
    const [history, containers] = await Promise.all([
      readHistory(readStore, status, { nowMs: clock(), orMissing }),
      orMissing('rightsizing', rightsizing.ofWorkload(tenant, place), []),
    ]);
    const owner = model.owner(tenant, workload);
    const withChange = (finding: WorkloadFinding) =>
      findingJson(finding, history.byId.get(finding.changedBy?.changeId ?? ''));
    return {
      summary: summaryJson(status, owner),
      answer: answerText(status),
      findings: status.findings.map(withChange),
      pastFindings: history.past.map(withChange),
      rollouts: history.rollouts.map(changeJson),
      changes: history.changes.map(changeJson),
      pods: [...status.pods].sort((a, b) => (a.name < b.name ? -1 : 1)).map(podJson),
      drift: driftOf(model, tenant, { workload, nowMs: clock() }),
      rightsizing: containers,
      incidentIds: incidentIds(incidents, tenant, status),
      missing,
      commit: history.rollouts.find(isComplete)?.cluster?.commit ?? '',
      contact: owner?.contact ?? '',
      runbookUrl: owner?.runbookUrl ?? '',
    };
  };
}

/** Throws NOT_FOUND, or `FieldError` where the names fit several workloads. */
function choose(all: readonly KnownWorkload[], { namespace, name, cluster, kind }: GetWorkloadRequest): KnownWorkload {
  const found = all.filter(
    (each) =>
      each.object.namespace === namespace &&
      each.object.name === name &&
      (cluster === '' || each.cluster === cluster) &&
      (kind === '' || each.object.kind === kind),
  );
  const [first] = found;
  if (first === undefined) throw notFound(`no workload ${namespace}/${name} in the watched clusters`);
  requireOne(
    'cluster',
    found.map((each) => each.cluster),
  );
  requireOne(
    'kind',
    found.map(({ object }) => object.kind),
  );
  return first;
}

function requireOne(field: string, values: readonly string[]): void {
  const distinct = [...new Set(values)].sort();
  if (distinct.length > 1) throw new FieldError(field, `must be one of ${distinct.join(', ')}`);
}

interface Missing {
  readonly part: string;
  readonly reason: string;
}

type OrMissing = <Value>(part: string, read: Promise<Value>, otherwise: Value) => Promise<Value>;

/** A part that cannot be read is named in `missing`; it does not hide the others. */
function missingInto(missing: Missing[]): OrMissing {
  return (part, read, otherwise) =>
    read.catch((error: unknown) => {
      missing.push({ part, reason: error instanceof Error ? error.message : String(error) });
      return otherwise;
    });
}

interface HistoryOptions {
  readonly nowMs: number;
  readonly orMissing: OrMissing;
}

interface History {
  readonly past: readonly WorkloadFinding[];
  readonly rollouts: readonly Change[];
  readonly changes: readonly Change[];
  readonly byId: ReadonlyMap<string, Change>;
}

async function readHistory(
  readStore: ReadStore,
  status: WorkloadStatus,
  { nowMs, orMissing }: HistoryOptions,
): Promise<History> {
  const { tenant, cluster, namespace, name } = placeOf(status.workload);
  const filter = { tenant, cluster, namespace, workloads: [name, `${namespace}/${name}`] };
  const changesRange = { fromMs: nowMs - changesMs, toMs: nowMs + dayMs };
  const page = { size: 200, token: null };
  const [past, { items }] = await Promise.all([
    orMissing(
      'past-findings',
      readStore((store) => store.listFindings({ ...filter, endedFromMs: nowMs - dayMs, endedToMs: nowMs + dayMs })),
      [],
    ),
    orMissing(
      'changes',
      readStore((store) => store.listChanges({ ...filter, ...changesRange }, page)),
      noChanges,
    ),
  ]);
  const known = new Map(items.map((change) => [change.id, change]));
  const ids = [...status.findings, ...past].flatMap(({ changedBy }) => changedBy?.changeId ?? []);
  const further = ids.filter((id) => !known.has(id));
  const causesRange = { fromMs: nowMs - causesMs, toMs: nowMs + dayMs };
  const causes =
    further.length === 0
      ? noChanges
      : await orMissing(
          'causes',
          readStore((store) => store.listChanges({ tenant, ids: further, ...causesRange }, page)),
          noChanges,
        );
  const isOwnRollout = ({ cluster: made }: Change) =>
    made?.rollout != null && made.object.name === name && made.object.kind === status.workload.object.kind;
  return {
    past,
    rollouts: items.filter(isOwnRollout).slice(0, maxRollouts),
    changes: items.filter((change) => !isOwnRollout(change)).slice(0, maxChanges),
    byId: new Map([...known, ...causes.items.map((change) => [change.id, change] as const)]),
  };
}

const noChanges: { readonly items: readonly Change[] } = { items: [] };

function isComplete({ cluster }: Change): boolean {
  return cluster?.rollout?.state === 'complete';
}

function incidentIds(incidents: IncidentReadModel, tenant: string, { service, findings }: WorkloadStatus) {
  const faults = new Set(findings.map(({ id }) => id));
  const isHere = (id: string | undefined) => id !== undefined && faults.has(id);
  return incidents
    .list(tenant)
    .filter((incident) => isAbout(incident, service) || incident.hypotheses.some(({ fault }) => isHere(fault?.id)))
    .map(({ id }) => id)
    .sort();
}
