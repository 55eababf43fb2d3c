/** The handlers of ListDrift and AcceptDrift. Drift is kept on `config`, so it can be read while the store is down. */
import type { Bus } from '@faultline/bus';
import { acceptDrift, anyDrift, isHashed, type ListedDrift, listDrift } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import { actorOf, type Call } from '../api/call.ts';
import { rfc3339, rfc3339OrNull } from '../api/json-value.ts';
import { type Cursor, cutPage, encodeCursor, fitPage, parseCursor } from '../api/page.ts';
import { FieldError, notFound } from '../errors.ts';
import type { KnownWorkload } from './known-workload.ts';
import type { WorkloadReadModel } from './read-model.ts';
import type { AcceptDriftRequest, ListDriftRequest } from './requests.ts';

export interface DriftOptions {
  readonly model: WorkloadReadModel;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Clock;
}

export function createDriftHandlers({ model, bus, clock }: DriftOptions) {
  const drift = async ({ state, risk, pageSize, pageToken, ...filter }: ListDriftRequest, { tenant }: Call) => {
    model.requireReady();
    const matching = listDrift(model.drift, { ...filter, tenant, states: state, risks: risk }, clock());
    const rows = matching.slice(startOf(matching, pageToken));
    const { page, nextPageToken } = cutPage(rows, pageSize, cursorOf);
    const shown = fitPage(page, driftJson);
    const last = shown.length < page.length ? page[shown.length - 1] : undefined;
    const next = last === undefined ? nextPageToken : encodeCursor(cursorOf(last));
    return { drift: shown, nextPageToken: next, total: matching.length };
  };

  const accept = async (request: AcceptDriftRequest, call: Call) => {
    model.requireReady();
    const { id, reason, until, idempotencyKey } = request;
    if (until === null) throw new FieldError('until', 'is missing');
    const asked = {
      ...{ tenant: call.tenant, id, reason, untilMs: until, idempotencyKey },
      actor: actorOf(call, request.actor),
    };
    const decided = acceptDrift(model.drift, asked, clock());
    if (!decided.ok)
      throw decided.code === 'not-found' ? notFound(decided.reason) : new FieldError(decided.field, decided.reason);
    await bus.publish([decided.record]);
    return { commandId: decided.commandId, state: 'done', drift: driftJson(decided.drift) };
  };

  return { drift, acceptDrift: accept };
}

interface WorkloadDrift {
  readonly workload: KnownWorkload;
  readonly nowMs: number;
}

/** Drift of a workload and of what it refers to, accepted drift, too. */
export function driftOf(model: WorkloadReadModel, tenant: string, { workload, nowMs }: WorkloadDrift) {
  const { cluster, object } = workload;
  const filter = { ...anyDrift, tenant, cluster, namespace: object.namespace, name: object.name };
  return listDrift(model.drift, { ...filter, states: ['open', 'accepted'] }, nowMs).map(driftJson);
}

function cursorOf({ drift }: ListedDrift): Cursor {
  return [0, drift.id];
}

/** The list has an order of its own, so a page continues behind the row that the token names. */
function startOf(rows: readonly ListedDrift[], pageToken: string): number {
  const after = parseCursor(pageToken);
  if (after === null) return 0;
  const index = rows.findIndex(({ drift }) => drift.id === after[1]);
  if (index === -1) throw new FieldError('pageToken', 'names a difference that is gone; start again without it');
  return index + 1;
}

function driftJson({ drift, state, acceptance }: ListedDrift) {
  return {
    id: drift.id,
    workload: { cluster: drift.cluster, object: { ...drift.object } },
    environment: drift.scope.environment,
    against: drift.against,
    reference: drift.reference,
    path: drift.path,
    value: drift.value ?? '',
    expected: drift.expected ?? '',
    isHashed: isHashed(drift.value) || isHashed(drift.expected),
    since: rfc3339(drift.sinceMs),
    actor: drift.actor,
    changeId: drift.changeId,
    team: drift.team,
    risk: drift.risk,
    riskReason: `it touches: ${drift.area.replaceAll('-', ' ')}`,
    repair: { patch: drift.patch, command: drift.command },
    state,
    acceptance: acceptance === null ? null : acceptanceJson(acceptance),
  };
}

function acceptanceJson({ reason, actor, acceptedAtMs, untilMs }: NonNullable<ListedDrift['acceptance']>) {
  return { reason, actor, at: rfc3339OrNull(acceptedAtMs), until: rfc3339OrNull(untilMs) };
}
