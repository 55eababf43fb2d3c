/**
 * A system to break: services, databases, caches, queues and outside APIs, each with instances on nodes in zones, and the operations that call
 * each other downwards. Everything that answers calls is a `Service`; what tells them apart is what they send and how many calls they take.
 */

export type ServiceRole = 'gateway' | 'service' | 'worker' | 'database' | 'cache' | 'external';

export interface Node {
  readonly name: string;
  readonly zone: string;
  readonly cores: number;
  /** Cores used by what is not part of the system. */
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
  /** Which telemetry of its own it sends. */
  readonly sends: { readonly spans: boolean; readonly logs: boolean; readonly metrics: boolean };
  /** `postgresql`, `redis`, ...; empty for a service. */
  readonly engine: string;
  /** Its share of a core or of its slots that is busy on a usual day: how close to its limits it was built. */
  readonly usualLoad: number;
  /** Calls in work at once, for each instance; those of an outside API are not known here and do not end. */
  readonly slots: number;
  /** Connections to each database, for each instance. */
  readonly pool: number;
  readonly memoryLimitBytes: number;
}

export interface Operation {
  readonly name: string;
  readonly service: string;
  /** Own work on a processor, and own waiting (locks, disks), both medians. */
  readonly cpuMs: number;
  readonly idleMs: number;
  /** Spread of both, of the logarithm. */
  readonly sigma: number;
  /** Share of calls that fail on a usual day. */
  readonly usualErrors: number;
  readonly steps: readonly Step[];
  /** Log templates with `#` for a number, by severity. */
  readonly line: string;
}

export interface Step {
  readonly to: Operation;
  /** Share of calls that take this step. */
  readonly chance: number;
  readonly timeoutMs: number;
  readonly retries: number;
  /** A failure of this step is made good by a default: the caller does not fail. */
  readonly absorbs: boolean;
  /** The queue that the call goes through: the caller does not wait. Null for a call that it waits for. */
  readonly queue: string | null;
  /** Begins with the step before it. */
  readonly parallel: boolean;
}

export interface System {
  readonly nodes: readonly Node[];
  /** Callers before callees. */
  readonly services: readonly Service[];
  readonly byName: ReadonlyMap<string, Service>;
  /** Operations at the gateways, with the share of requests that each gets. */
  readonly entries: readonly { readonly operation: Operation; readonly weight: number }[];
}

/** Calls of each operation for one request from outside, when nothing fails. */
export function callsPerRequest(system: Pick<System, 'entries'>): Map<Operation, number> {
  const calls = new Map<Operation, number>();
  const call = (operation: Operation, share: number): void => {
    calls.set(operation, (calls.get(operation) ?? 0) + share);
    for (const step of operation.steps) call(step.to, share * step.chance);
  };
  for (const { operation, weight } of system.entries) call(operation, weight);
  return calls;
}

/** Services that call this one without another in between. */
export function callersOf(system: Pick<System, 'services'>, name: string): Service[] {
  return system.services.filter(({ operations }) =>
    operations.some(({ steps }) => steps.some(({ to }) => to.service === name)),
  );
}
