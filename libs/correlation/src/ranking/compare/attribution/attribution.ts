/**
 * Latency attribution: where the added time went. A request takes the sum of self times and of network latencies between client and server.
 * So the time added to it divides into shares that add up to one: each service's own code, each call edge, each uninstrumented dependency.
 */
import type { Histogram } from '@faultline/model';
import type { CallStats, EdgeComparison } from '../calls.ts';
import type { Comparison } from '../comparison.ts';
import { type AddedTime, addedTime, type TimedCalls } from './added-time.ts';
import { blamedEnd } from './blame.ts';
import { collect } from './collect.ts';

export interface LatencyAttribution {
  /** Time added in services' own code, by service. */
  readonly self: ReadonlyMap<string, AddedTime>;
  /** Time added between client and server, by the service that is blamed for it. */
  readonly network: ReadonlyMap<string, AddedTime>;
  /** Time added in dependencies without telemetry, by their name. */
  readonly uninstrumented: ReadonlyMap<string, AddedTime>;
  /** The sum of everything added, in microseconds; at least 1, so that shares can be taken. */
  readonly totalUs: number;
}

type Inputs = Pick<Comparison, 'operations' | 'edges' | 'traced' | 'windows' | 'atAlert' | 'callerFaults' | 'alerting'>;

export function attributeLatency(inputs: Inputs): LatencyAttribution {
  const self = collect(selfTimes(inputs), { suspected: inputs.alerting });
  const network = collect(networkTimes(inputs), { pooled: true });
  const uninstrumented = collect(uninstrumentedTimes(inputs), { pooled: true });
  let totalUs = 1;
  for (const part of [self, network, uninstrumented])
    for (const { addedUs } of part.values()) totalUs += Math.max(0, addedUs);
  return { self, network, uninstrumented, totalUs };
}

/** Without client spans: their time belongs to the edge or to the callee, never to the caller. */
function selfTimes({ operations, windows, atAlert }: Inputs): TimedCalls[] {
  return operations
    .filter(({ kind }) => kind !== 'client' && kind !== 'producer')
    .map((compared) => ({
      service: compared.service,
      operation: compared.operation,
      edge: null,
      compared,
      pick: inner,
      instances: compared.instances,
      windows,
      atAlert,
      slices: () => compared.rows.map(({ slice, self }) => ({ slice, histogram: self })),
    }));
}

function uninstrumentedTimes({ edges, traced, windows, atAlert }: Inputs): TimedCalls[] {
  return edges
    .filter(({ callee }) => !traced.has(callee))
    .map((compared) => ({
      service: compared.callee,
      operation: '',
      edge: compared,
      compared,
      pick: duration,
      instances: [],
      windows,
      atAlert,
      slices: () => compared.rows.map((row) => ({ slice: row.slice, histogram: row.duration })),
    }));
}

function networkTimes(inputs: Inputs): TimedCalls[] {
  const edges = inputs.edges.filter(({ callee, source }) => source === 'trace' && inputs.traced.has(callee));
  const added = new Map(edges.map((edge) => [edge, addedTime(networkTime(edge, edge.callee, inputs))]));
  return edges.map((edge) =>
    networkTime(edge, inputs.callerFaults.has(edge) ? edge.caller : blamedEnd(edge, edges, added), inputs),
  );
}

function networkTime(
  compared: EdgeComparison,
  service: string,
  { windows, atAlert }: Pick<Inputs, 'windows' | 'atAlert'>,
): TimedCalls {
  return {
    service,
    operation: '',
    edge: compared,
    compared,
    pick: inner,
    // Rows only tell the callee's instances apart.
    instances: service === compared.callee ? compared.instances : [],
    windows,
    atAlert,
    slices: () => compared.rows.map(({ slice, gap }) => ({ slice, histogram: gap })),
  };
}

function inner(stats: CallStats): Histogram {
  return stats.inner;
}

function duration(stats: CallStats): Histogram {
  return stats.duration;
}
