/** What each service adds to latency and failures by its metrics: over all its requests, less what its callees add. */
import type { Comparison } from '../comparison.ts';
import { levelsOf, type RequestLevel, requestLevels, type ServiceLevel, type ServiceSubject } from './levels.ts';
import { type MeshLink, meshLinks } from './mesh.ts';

export interface ServiceAccount {
  readonly service: string;
  readonly level: ServiceLevel;
  /** What is its own, in the metric's unit times requests. */
  readonly own: number;
  /** The part of its rise that is its own, 0 to 1. */
  readonly ownShare: number;
}

type Inputs = Pick<Comparison, 'shifts' | 'traced' | 'related' | 'callees' | 'callers'>;

interface Metrics {
  readonly levels: ReadonlyMap<string, ServiceLevel>;
  readonly requests: ReadonlyMap<string, RequestLevel>;
  readonly links: readonly MeshLink[];
}

/** Of services without spans that alerting services call; and how many services were tested. */
export function serviceAccounts(
  inputs: Inputs,
  subject: ServiceSubject,
): { accounts: ServiceAccount[]; tests: number } {
  const levels = levelsOf(inputs, subject);
  const metrics = {
    levels,
    requests: requestLevels(inputs),
    links: subject === 'latency' ? meshLinks(inputs) : [],
  };
  const accounts = [...levels].flatMap(([service, level]) => accountOf(inputs, { ...metrics, service, level }));
  return { accounts, tests: levels.size };
}

interface Asked extends Metrics {
  readonly service: string;
  readonly level: ServiceLevel;
}

function accountOf(inputs: Inputs, asked: Asked): ServiceAccount[] {
  const { service, level, links, requests } = asked;
  if (inputs.traced.has(service) || level.rise <= 0 || !inputs.related.has(service)) return [];
  const total = level.rise * (requests.get(service)?.during ?? 1);
  const called = links.flatMap(({ caller, callee }) => (caller === service ? [callee] : []));
  const callees = new Set([...(inputs.callees.get(service) ?? []), ...called]);
  const below = [...callees].reduce(
    (sum, callee) => sum + riseAt(callee, asked) * requestsTo(inputs, callee, asked),
    0,
  );
  const own = Math.max(0, total - below);
  return [{ service, level, own, ownShare: own / total }];
}

/** How much longer the service waits for a callee: by the callee's own metric, or by a mesh, which includes the network. */
function riseAt(callee: string, { service, level, levels, links }: Asked): number {
  const own = levels.get(callee)?.rise ?? 0;
  const scale = secondsIn(level.shift.row.unit);
  return links.reduce(
    (most, link) =>
      link.caller === service && link.callee === callee
        ? Math.max(most, (link.rise * secondsIn(link.unit)) / scale)
        : most,
    Math.max(0, own),
  );
}

/** 1 where the unit says nothing: two metrics are then taken to have the same unit. */
function secondsIn(unit: string): number {
  return unit === 'ms' ? 1e-3 : unit === 'us' ? 1e-6 : unit === 'ns' ? 1e-9 : 1;
}

/**
 * Requests of the callee that come from this caller. Its callers share them in proportion to their own requests, at least as in the baseline,
 * since who waits longer asks less often. 1 where nobody counts.
 */
function requestsTo(inputs: Inputs, callee: string, { service, requests, links }: Asked): number {
  const from = requests.get(service);
  const to = requests.get(callee);
  if (from === undefined) return 1;
  if (to === undefined) return from.during;
  const linked = links.flatMap((link) => (link.callee === callee ? [link.caller] : []));
  const callers = new Set([...(inputs.callers.get(callee) ?? []), ...linked, service]);
  const perRequest = (window: keyof RequestLevel): number => {
    const all = [...callers].reduce((sum, caller) => sum + (requests.get(caller)?.[window] ?? 0), 0);
    return all <= 0 ? 0 : to[window] / all;
  };
  return from.during * Math.max(perRequest('before'), perRequest('during'));
}
