/**
 * Latency attribution: where the added time went. A request takes the sum of self times and of network latencies between client and server.
 * So the time added to it divides into shares that add up to one: each service's own code, each call edge, each uninstrumented dependency.
 */
import type { Comparison } from '../comparison.ts';
import type { AddedTime } from './added-time.ts';
import { collect } from './collect.ts';
import { type TimedInputs, timedCalls } from './timed-calls.ts';

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

export function attributeLatency(inputs: TimedInputs & Pick<Comparison, 'alerting'>): LatencyAttribution {
  const { self: own, network: between, uninstrumented: elsewhere } = timedCalls(inputs);
  const self = collect(own, { suspected: inputs.alerting });
  const network = collect(between, { pooled: true });
  const uninstrumented = collect(elsewhere, { pooled: true });
  let totalUs = 1;
  for (const part of [self, network, uninstrumented])
    for (const { addedUs } of part.values()) totalUs += Math.max(0, addedUs);
  return { self, network, uninstrumented, totalUs };
}
