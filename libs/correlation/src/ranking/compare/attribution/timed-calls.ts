/** Which durations are attributed to which service. */
import type { Histogram } from '@faultline/model';
import type { CallStats, EdgeComparison } from '../calls.ts';
import type { Comparison } from '../comparison.ts';
import { addedTime, type TimedCalls } from './added-time.ts';
import { blamedEnd } from './blame.ts';

export type TimedInputs = Pick<Comparison, 'operations' | 'edges' | 'traced' | 'windows' | 'atAlert' | 'callerFaults'>;

interface AllTimedCalls {
  readonly self: readonly TimedCalls[];
  readonly network: readonly TimedCalls[];
  readonly uninstrumented: readonly TimedCalls[];
}

/** Self times of operations, network latencies of call edges, and client times of calls to dependencies without telemetry. */
export function timedCalls(inputs: TimedInputs): AllTimedCalls {
  const self = selfTimes(inputs);
  const uninstrumented = uninstrumentedTimes(inputs);
  return { self, uninstrumented, network: networkTimes(inputs) };
}

/** Without client spans: their time belongs to the edge or to the callee, never to the caller. */
function selfTimes({ operations, windows, atAlert }: TimedInputs): TimedCalls[] {
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

function uninstrumentedTimes({ edges, traced, windows, atAlert }: TimedInputs): TimedCalls[] {
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

/** First at the callee. Then those that the caller is to blame for move to the caller. */
function networkTimes(inputs: TimedInputs): TimedCalls[] {
  const edges = inputs.edges.filter(({ callee, source }) => source === 'trace' && inputs.traced.has(callee));
  const timed = edges.map((edge) => ({ edge, atCallee: networkTime(edge, inputs) }));
  const added = new Map(timed.map(({ edge, atCallee }) => [edge, addedTime(atCallee)]));
  return timed.map(({ edge, atCallee }) => {
    const service = inputs.callerFaults.has(edge) ? edge.caller : blamedEnd(edge, edges, added);
    // Rows only tell the callee's instances apart.
    return service === edge.callee ? atCallee : { ...atCallee, service, instances: [] };
  });
}

function networkTime(
  compared: EdgeComparison,
  { windows, atAlert }: Pick<TimedInputs, 'windows' | 'atAlert'>,
): TimedCalls {
  return {
    service: compared.callee,
    operation: '',
    edge: compared,
    compared,
    pick: inner,
    instances: compared.instances,
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
