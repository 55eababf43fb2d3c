/**
 * The system under test: services, databases, caches, queues and external APIs, each with instances on nodes in zones.
 * Operations call each other along an acyclic graph. Everything that answers calls is a `Service`; roles differ in
 * telemetry and capacity.
 */

export type ServiceRole = 'gateway' | 'service' | 'worker' | 'database' | 'cache' | 'external';

export interface Node {
  readonly name: string;
  readonly zone: string;
  readonly cores: number;
  /** Cores used by other workloads. */
  readonly otherCores: number;
}

export interface Instance {
  readonly name: string;
  readonly node: Node;
  readonly cluster: string;
}

export interface Service {
  readonly name: string;
  readonly role: ServiceRole;
  readonly team: string;
  readonly version: string;
  readonly instances: readonly Instance[];
  readonly operations: readonly Operation[];
  /** Which telemetry the service itself sends. */
  readonly sends: { readonly spans: boolean; readonly logs: boolean; readonly metrics: boolean };
  /** `postgresql`, `redis`, and so on. Empty for a service. */
  readonly engine: string;
  /** Utilisation under the design load. The rest is headroom. */
  readonly usualLoad: number;
  /** Concurrent calls per instance. Practically unlimited for an external API. */
  readonly slots: number;
  /** Connections to each database, per instance. */
  readonly pool: number;
  readonly memoryLimitBytes: number;
}

export interface Operation {
  readonly name: string;
  readonly service: string;
  /** Medians of CPU time and of own waits (locks, disks), ms. */
  readonly cpuMs: number;
  readonly idleMs: number;
  /** Sigma of the logarithm of both. */
  readonly sigma: number;
  /** Share of calls that fail without a fault. */
  readonly usualErrors: number;
  readonly steps: readonly Step[];
  /** Log template with `#` for numbers. Empty for none. */
  readonly line: string;
}

export interface Step {
  readonly to: Operation;
  /** Probability that a call takes this step. */
  readonly chance: number;
  readonly timeoutMs: number;
  readonly retries: number;
  /** The caller has a fallback: a failure of this step does not fail the caller. */
  readonly absorbs: boolean;
  /** The queue for an asynchronous call. Null for a synchronous one. */
  readonly queue: string | null;
  /** Starts together with the step before it. */
  readonly parallel: boolean;
}

export interface System {
  readonly nodes: readonly Node[];
  /** Callers before callees. */
  readonly services: readonly Service[];
  readonly byName: ReadonlyMap<string, Service>;
  /** Operations of the gateways, each with its share of requests. */
  readonly entries: readonly { readonly operation: Operation; readonly weight: number }[];
}

/** Calls of each operation per request from outside, when nothing fails. */
export function callsPerRequest(system: Pick<System, 'entries'>): Map<Operation, number> {
  const calls = new Map<Operation, number>();
  const call = (operation: Operation, share: number): void => {
    calls.set(operation, (calls.get(operation) ?? 0) + share);
    for (const step of operation.steps) call(step.to, share * step.chance);
  };
  for (const { operation, weight } of system.entries) call(operation, weight);
  return calls;
}

/** Direct callers. */
export function callersOf(system: Pick<System, 'services'>, name: string): Service[] {
  return system.services.filter(({ operations }) =>
    operations.some(({ steps }) => steps.some(({ to }) => to.service === name)),
  );
}
