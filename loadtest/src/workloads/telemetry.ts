/** The evidence of a system of services in which calls to one of them fail from a time on. */
import {
  bucketOf,
  type EdgeRow,
  type EvidenceQuery,
  type EvidenceResult,
  emptyEvidenceRows,
  type OperationRow,
  type PresenceRow,
} from '@faultline/model';
import type { Random } from '../random/random.ts';

export interface System {
  /** From caller to callee; every service is in one of them. */
  readonly calls: readonly (readonly [caller: string, callee: string])[];
}

export interface Harm {
  /** The service whose pods do not serve. */
  readonly service: string;
  readonly sinceMs: number;
  /** The share of calls to it that fail. */
  readonly share: number;
  /** It runs, and its own code fails. Otherwise calls find no pod, and it sends no spans of them. */
  readonly isOwn: boolean;
}

const perSecond = 8;

/** The answer to a query. `harm: null`: all services answer as before. `system: null`: there is no telemetry at all. */
export function evidenceOf(
  query: EvidenceQuery,
  system: System | null,
  harm: Harm | null,
  random: Random,
): EvidenceResult {
  const base = {
    ...emptyEvidenceRows,
    questionId: query.id,
    incidentId: query.incidentId,
    slices: query.slices,
    settled: true,
  };
  if (system === null) return base;
  const untilMs = query.slices.at(-1)?.toMs ?? query.askedAtMs;
  const watermarks = { spans: untilMs, logs: untilMs, metrics: untilMs };
  const failing = failingShares(system, harm);
  const rows = query.slices.map((range, slice) => {
    const isHarmed = harm !== null && range.fromMs >= harm.sinceMs;
    const mixed = harm !== null && range.fromMs < harm.sinceMs && range.toMs > harm.sinceMs;
    const part = isHarmed ? 1 : mixed ? (range.toMs - (harm?.sinceMs ?? 0)) / (range.toMs - range.fromMs) : 0;
    const calls = Math.round(((range.toMs - range.fromMs) / 1000) * perSecond * (0.95 + 0.1 * random.next()));
    return { slice, part, calls };
  });
  const services = [...new Set(system.calls.flat())];
  return {
    ...base,
    watermarks,
    edges: rows.flatMap((row) =>
      system.calls.map(([caller, callee]) => edgeRow({ ...row, caller, callee, untilMs }, failing, random)),
    ),
    operations: rows.flatMap((row) =>
      services.map((service) => operationRow({ ...row, service }, failing, harm, random)),
    ),
    presence: services.map((service, i) => presenceRow(service, i, untilMs)),
  };
}

/** Which share of each service's answers fails: callers of the harmed service pass its failures on. */
function failingShares({ calls }: System, harm: Harm | null): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  if (harm === null) return shares;
  shares.set(harm.service, harm.share);
  for (const name of shares.keys())
    for (const [caller, callee] of calls)
      if (callee === name && !shares.has(caller)) shares.set(caller, (shares.get(callee) ?? 0) * 0.9);
  return shares;
}

interface Row {
  readonly slice: number;
  /** The part of the slice in which calls fail. */
  readonly part: number;
  readonly calls: number;
}

const usual = 0.002;

function edgeRow(
  { slice, part, calls, caller, callee, untilMs }: Row & { caller: string; callee: string; untilMs: number },
  failing: ReadonlyMap<string, number>,
  random: Random,
): EdgeRow {
  const share = usual + part * (failing.get(callee) ?? 0);
  return {
    slice,
    caller,
    callee,
    callerInstance: `${caller}-1-0`,
    calleeInstance: `${callee}-1-0`,
    operation: 'call',
    source: 'trace',
    calls,
    errors: Math.min(calls, Math.round(calls * share * (0.9 + 0.2 * random.next()))),
    duration: histogram(calls, 20),
    gap: histogram(calls, 1),
    lastSeenMs: untilMs,
  };
}

function operationRow(
  { slice, part, calls: asked, service }: Row & { service: string },
  failing: ReadonlyMap<string, number>,
  harm: Harm | null,
  random: Random,
): OperationRow {
  const isHarmed = harm?.service === service && !harm.isOwn;
  // Calls that find no pod leave no span of the service.
  const calls = isHarmed ? Math.max(0, Math.round(asked * (1 - part * harm.share))) : asked;
  const share = usual + (isHarmed ? 0 : part * (failing.get(service) ?? 0));
  return {
    slice,
    service,
    instance: `${service}-1-0`,
    operation: 'serve',
    kind: 'server',
    version: '1',
    calls,
    errors: Math.min(calls, Math.round(calls * share * (0.9 + 0.2 * random.next()))),
    ownErrors: Math.round(calls * (harm?.isOwn === true && harm.service === service ? share : usual * random.next())),
    duration: histogram(calls, 15),
    settledCalls: calls,
    self: histogram(calls, 5),
  };
}

function presenceRow(service: string, index: number, untilMs: number): PresenceRow {
  const node = `n${(index % 3) + 1}`;
  return {
    service,
    instance: `${service}-1-0`,
    node,
    zone: 'z1',
    lastSpanMs: untilMs,
    lastMetricMs: untilMs,
    lastLogMs: untilMs,
  };
}

function histogram(count: number, ms: number): readonly (readonly [number, number])[] {
  const middle = bucketOf(ms * 1000);
  const side = Math.floor(count / 4);
  return (
    [
      [middle - 1, side],
      [middle, count - 2 * side],
      [middle + 1, side],
    ] as const
  ).filter(([, n]) => n > 0);
}
