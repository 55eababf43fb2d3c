/** All families of faults, by the name that reports use. */
import type { Family } from '../fault/fault.ts';
import { canary, config, error, latency, partial } from './code.ts';
import { credential, dns, edge, external, migration, network, uninstrumentedDependency } from './network.ts';
import { blackout, down, node, traffic, zone } from './outage.ts';
import { cpu, disk, memory, pool, queue } from './resource.ts';

export const families = {
  cpu,
  memory,
  disk,
  pool,
  queue,
  network,
  edge,
  dns,
  credential,
  external,
  'silent-hop': uninstrumentedDependency,
  error,
  latency,
  partial,
  config,
  down,
  node,
  zone,
  blackout,
  traffic,
} as const satisfies Record<string, Family>;

/** Drawn only when asked for by name. No seed selects these. */
export const familiesOnDemand = { canary, migration } as const satisfies Record<string, Family>;

/** Families whose faults come without a change. Changes drawn beside them are innocent. */
export const familiesWithoutChange: readonly Family[] = [
  cpu,
  network,
  uninstrumentedDependency,
  partial,
  down,
  external,
  edge,
];
export const combinableFamilies: readonly Family[] = [
  cpu,
  network,
  uninstrumentedDependency,
  error,
  latency,
  down,
  credential,
  config,
];
