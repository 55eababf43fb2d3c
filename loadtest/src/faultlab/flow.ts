/**
 * The system as averages, a frame every few seconds: who is asked how often, how busy each part is, how long callers wait, what fails. Load goes
 * down the graph, waiting and failure come back up; retries and backlogs carry over from one frame to the next. Metrics and alerts are read
 * off it, and requests are drawn from it, so that all signals tell one story.
 */
import type { Effects, Look } from './effect.ts';
import { type Queued, queueUp, stretchAt } from './station.ts';
import { callsPerRequest, type Instance, type Operation, type Service, type Step, type System } from './system.ts';

export const frameMs = 5_000;

export interface InstanceFrame {
  readonly isUp: boolean;
  /** A dead instance gets calls until somebody notices. */
  readonly inRotation: boolean;
  readonly callsPerMs: number;
  readonly coresUsed: number;
  readonly utilisation: number;
  /** Factor on processor time. */
  readonly stretch: number;
  readonly queue: Queued;
  readonly pool: Queued;
  readonly poolSize: number;
  readonly memoryShare: number;
  readonly restarts: number;
  readonly diskBusy: number;
}

export interface OperationFrame {
  readonly callsPerMs: number;
  readonly latencyMs: number;
  /** Share of calls that fail for their caller, timeouts left out. */
  readonly failing: number;
}

export interface Frame {
  readonly atMs: number;
  readonly requestsPerMs: number;
  readonly instances: ReadonlyMap<Instance, InstanceFrame>;
  readonly operations: ReadonlyMap<Operation, OperationFrame>;
  readonly nodeCores: ReadonlyMap<string, number>;
}

/** What each instance was built with, from its usual load. */
export interface Capacity {
  readonly cores: number;
  readonly slots: number;
  readonly pool: number;
  readonly memoryShare: number;
}

export interface FlowOptions {
  readonly system: System;
  readonly effects: Effects;
  /** Requests from outside, all of them and not only those that are traced; without surges. */
  readonly requestsPerMs: (atMs: number) => number;
  /** What the system was built for. */
  readonly usualPerMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Flow {
  readonly frames: readonly Frame[];
  readonly capacities: ReadonlyMap<Instance, Capacity>;
  at(atMs: number): Frame;
}

/** Unhealthy instances leave the rotation after this long: two failed probes. */
const noticeMs = 20_000;

export function simulateFlow(options: FlowOptions): Flow {
  const capacities = sizeCapacities(options);
  const frames: Frame[] = [];
  let last: Frame | null = null;
  for (let atMs = options.fromMs; atMs < options.toMs; atMs += frameMs) {
    last = nextFrame({ ...options, capacities, atMs }, last);
    frames.push(last);
  }
  const first = frames[0] as Frame;
  const at = (atMs: number): Frame =>
    frames[Math.max(0, Math.min(frames.length - 1, Math.floor((atMs - first.atMs) / frameMs)))] as Frame;
  return { frames, capacities, at };
}

/** Enough of everything for the usual load, with the headroom that the service's builders left. */
function sizeCapacities({ system, usualPerMs }: FlowOptions): Map<Instance, Capacity> {
  const calls = callsPerRequest(system);
  const latency = new Map<Operation, number>();
  for (const service of system.services.toReversed())
    for (const operation of service.operations)
      latency.set(
        operation,
        ownMs(operation) + operation.steps.reduce((sum, step) => sum + usualWait(step, latency), 0),
      );
  const rate = (operation: Operation): number => (calls.get(operation) ?? 0) * usualPerMs;
  return new Map(
    system.services.flatMap((service) => {
      const share = 1 / service.instances.length;
      const total = (weight: (operation: Operation) => number): number =>
        service.operations.reduce((sum, operation) => sum + rate(operation) * share * weight(operation), 0);
      const cpu = total(({ cpuMs }) => cpuMs);
      const busy = total((operation) => latency.get(operation) ?? 0);
      const capacity = {
        cores: service.role === 'external' ? 1e6 : Math.max(0.05, cpu / service.usualLoad),
        // Threads are cheap, and so there are plenty; consumers are few, because messages can wait.
        slots:
          service.role === 'worker'
            ? Math.max(1, Math.ceil(busy / service.usualLoad))
            : Math.max(8, Math.ceil((5 * busy) / service.usualLoad)),
        pool: Math.max(4, Math.ceil(6 * total(databaseTime(latency, system)))),
        memoryShare: 0.35 + 0.4 * service.usualLoad,
      };
      return service.instances.map((instance): [Instance, Capacity] => [instance, capacity]);
    }),
  );
}

function ownMs({ cpuMs, idleMs, sigma }: Operation): number {
  // The mean of a log-normal lies above its median.
  return (cpuMs + idleMs) * Math.exp((sigma * sigma) / 2);
}

function usualWait({ to, chance, queue }: Step, latency: ReadonlyMap<Operation, number>): number {
  return queue === null ? chance * (latency.get(to) ?? 0) : 1;
}

function databaseTime(latency: ReadonlyMap<Operation, number>, system: System): (operation: Operation) => number {
  return ({ steps }) =>
    steps
      .filter(({ to }) => system.byName.get(to.service)?.role === 'database')
      .reduce((sum, step) => sum + usualWait(step, latency), 0);
}

interface Now extends FlowOptions {
  readonly capacities: ReadonlyMap<Instance, Capacity>;
  readonly atMs: number;
}

function nextFrame(now: Now, last: Frame | null): Frame {
  const { system, effects, atMs } = now;
  const requestsPerMs = now.requestsPerMs(atMs) * effects.trafficAt(atMs);
  const rates = goDown(now, requestsPerMs, last);
  const instances = new Map<Instance, InstanceFrame>();
  const operations = new Map<Operation, OperationFrame>();
  for (const service of system.services.toReversed())
    settleService(service, { now, rates, last, instances, operations });
  return { atMs, requestsPerMs, instances, operations, nodeCores: nodeLoad(system, instances) };
}

/** Calls a ms of each operation; failures of the frame before make retries now, and end requests early. */
function goDown({ system }: Now, requestsPerMs: number, last: Frame | null): Map<Operation, number> {
  const rates = new Map<Operation, number>();
  for (const { operation, weight } of system.entries) rates.set(operation, requestsPerMs * weight);
  for (const { operations } of system.services)
    for (const operation of operations) {
      let alive = rates.get(operation) ?? 0;
      for (const step of operation.steps) {
        const failing = callFailing(step, last?.operations.get(step.to));
        let attempts = 0;
        for (let i = 0; i <= step.retries; i++) attempts += failing ** i;
        rates.set(step.to, (rates.get(step.to) ?? 0) + alive * step.chance * attempts);
        if (!step.absorbs) alive *= 1 - step.chance * failing ** (step.retries + 1);
      }
    }
  return rates;
}

/** The share of single calls that fail for the caller, timeouts among them. */
export function callFailing({ timeoutMs, queue }: Step, to: OperationFrame | undefined): number {
  if (to === undefined || queue !== null) return 0;
  const late = Math.exp(-((timeoutMs / Math.max(1, to.latencyMs)) ** 1.5));
  return 1 - (1 - to.failing) * (1 - late);
}

interface Settling {
  readonly now: Now;
  readonly rates: ReadonlyMap<Operation, number>;
  readonly last: Frame | null;
  readonly instances: Map<Instance, InstanceFrame>;
  readonly operations: Map<Operation, OperationFrame>;
}

function settleService(service: Service, settling: Settling): void {
  const { now, rates, instances, operations } = settling;
  const life = new Map(service.instances.map((instance) => [instance, lifeOf(service, instance, settling)]));
  const takers = service.instances.filter((instance) => life.get(instance)?.inRotation);
  const total = service.operations.reduce((sum, operation) => sum + (rates.get(operation) ?? 0), 0);
  const waits = new Map(service.operations.map((operation) => [operation, stepsMs(operation, settling)]));
  for (const instance of service.instances) {
    const share = takers.includes(instance) ? 1 / takers.length : 0;
    const alive = life.get(instance) as Life;
    instances.set(instance, settleInstance(service, instance, { settling, share, total, waits, alive }));
  }
  for (const operation of service.operations) {
    const look = (instance: Instance): Look => ({ service, instance, operation, atMs: now.atMs });
    const seen = takers.map((instance) =>
      seenAt(operation, look(instance), { settling, waitMs: waits.get(operation)?.ms ?? 0 }),
    );
    const mean = (pick: (one: { latencyMs: number; failing: number }) => number): number =>
      seen.length === 0 ? 0 : seen.reduce((sum, one) => sum + pick(one), 0) / seen.length;
    const below = waits.get(operation)?.failing ?? 0;
    operations.set(operation, {
      callsPerMs: rates.get(operation) ?? 0,
      latencyMs: seen.length === 0 ? 5 : mean(({ latencyMs }) => latencyMs),
      failing: seen.length === 0 ? 1 : 1 - (1 - mean(({ failing }) => failing)) * (1 - below),
    });
  }
}

interface Life {
  readonly isUp: boolean;
  readonly inRotation: boolean;
  readonly memoryShare: number;
  readonly restarts: number;
}

/** Memory that reaches its limit kills the instance; it is back, empty, a little later. */
function lifeOf(service: Service, instance: Instance, { now, last }: Settling): Life {
  const look = { service, instance, atMs: now.atMs };
  const before = last?.instances.get(instance);
  const usual = now.capacities.get(instance)?.memoryShare ?? 0.4;
  const gone = now.effects.at('gone', look)[0];
  if (gone !== undefined)
    return {
      isUp: false,
      inRotation: now.atMs - gone.fromMs < noticeMs,
      memoryShare: 0,
      restarts: before?.restarts ?? 0,
    };
  const leaked = now.effects
    .at('leak-memory', look)
    .reduce((sum, { physics }) => sum + (physics.shareOfLimitPerMinute * frameMs) / 60_000, 0);
  const held = before === undefined || !before.isUp ? usual : before.memoryShare + leaked;
  const killed = held >= 1;
  return {
    isUp: !killed,
    inRotation: true,
    memoryShare: killed ? 0 : held,
    restarts: (before?.restarts ?? 0) + (killed ? 1 : 0),
  };
}

interface InstanceSettling {
  readonly settling: Settling;
  readonly share: number;
  readonly total: number;
  readonly waits: ReadonlyMap<Operation, StepsTime>;
  readonly alive: Life;
}

function settleInstance(service: Service, instance: Instance, input: InstanceSettling): InstanceFrame {
  const { settling, share, total, alive } = input;
  const { now, last, rates } = settling;
  const look = { service, instance, atMs: now.atMs };
  const capacity = now.capacities.get(instance) as Capacity;
  const before = last?.instances.get(instance);
  const burns = now.effects.at('burn', look);
  const burnt = burns.reduce((sum, { physics, size }) => sum + physics.cores * capacity.cores * size, 0);
  const perCall = burns.reduce((sum, { physics, size, share: hit }) => sum + physics.perCallMs * size * hit, 0);
  const cpuMs = sumOver(service, rates, (operation) => operation.cpuMs + perCall) * share;
  const utilisation = alive.isUp ? (cpuMs + burnt) / capacity.cores : 0;
  const crowded = crowding(instance, last);
  const stretch = stretchAt(utilisation) * crowded * collecting(alive.memoryShare);
  const disk = now.effects
    .at('disk', look)
    .reduce((most, { physics, size }) => Math.max(most, 1 + (physics.factor - 1) * size), 1);
  const slow = now.effects
    .at('slow', look)
    .reduce((sum, { physics, size, share: hit }) => sum + physics.ms * size * hit, 0);
  const holds = sumOver(
    service,
    rates,
    (operation) => operation.cpuMs * stretch + operation.idleMs * disk + slow + (input.waits.get(operation)?.ms ?? 0),
  );
  const callsPerMs = total * share;
  const slots =
    capacity.slots *
    now.effects.at('slots', look).reduce((factor, { physics, size }) => factor * (1 - (1 - physics.factor) * size), 1);
  return {
    ...alive,
    callsPerMs,
    coresUsed: alive.isUp ? Math.min(capacity.cores, cpuMs + burnt) : 0,
    utilisation: Math.min(1, utilisation),
    stretch,
    queue: queueUp(
      {
        slots: service.role === 'external' ? 1e6 : slots,
        arrivalsPerMs: callsPerMs,
        holdMs: total === 0 ? 0 : holds / total,
        stepMs: frameMs,
        maxWaitMs: service.role === 'worker' ? Infinity : 4000,
      },
      before?.queue.backlog ?? 0,
    ),
    ...poolOf(service, instance, { settling, callsPerMs, before }),
    diskBusy: Math.min(0.99, 0.08 * disk * (0.5 + utilisation)),
  };
}

function sumOver(
  service: Service,
  rates: ReadonlyMap<Operation, number>,
  weight: (operation: Operation) => number,
): number {
  return service.operations.reduce((sum, operation) => sum + (rates.get(operation) ?? 0) * weight(operation), 0);
}

/** Neighbours on a full node take time from each other. */
function crowding({ node }: Instance, last: Frame | null): number {
  return stretchAt((last?.nodeCores.get(node.name) ?? 0) / node.cores);
}

/** Garbage collection gets busy when little memory is left. */
function collecting(memoryShare: number): number {
  return 1 + Math.max(0, memoryShare - 0.85) * 15;
}

function poolOf(
  service: Service,
  instance: Instance,
  { settling, callsPerMs, before }: { settling: Settling; callsPerMs: number; before: InstanceFrame | undefined },
): Pick<InstanceFrame, 'pool' | 'poolSize'> {
  const { now, rates, operations } = settling;
  const capacity = now.capacities.get(instance) as Capacity;
  const leaks = now.effects.at('leak-connections', { service, instance, atMs: now.atMs });
  const leaked = leaks.reduce(
    (sum, { physics, fromMs }) => sum + (capacity.pool * physics.shareOfPoolPerMinute * (now.atMs - fromMs)) / 60_000,
    0,
  );
  const slots = Math.max(0.005, capacity.pool - leaked);
  const total = sumOver(service, rates, () => 1);
  const perCall =
    sumOver(service, rates, (operation) => databaseWait(operation, now.system, operations)) / Math.max(total, 1e-12);
  const pool = queueUp(
    { slots, arrivalsPerMs: perCall > 0 ? callsPerMs : 0, holdMs: perCall, stepMs: frameMs, maxWaitMs: 3000 },
    before?.pool.backlog ?? 0,
  );
  return {
    pool: { ...pool, busy: Math.min(capacity.pool, pool.busy + Math.min(leaked, capacity.pool)) },
    poolSize: capacity.pool,
  };
}

function databaseWait(
  { steps }: Operation,
  system: System,
  operations: ReadonlyMap<Operation, OperationFrame>,
): number {
  return steps
    .filter(({ to }) => system.byName.get(to.service)?.role === 'database')
    .reduce((sum, { to, chance }) => sum + chance * (operations.get(to)?.latencyMs ?? 0), 0);
}

interface StepsTime {
  readonly ms: number;
  readonly failing: number;
}

/** What a call waits for its callees, and how often they make it fail. */
function stepsMs(operation: Operation, { operations, now, last }: Settling): StepsTime {
  let ms = 0;
  let fine = 1;
  let longest = 0;
  const caller = now.system.byName.get(operation.service);
  for (const step of operation.steps) {
    if (step.queue !== null) continue;
    const to = operations.get(step.to);
    const wire = wireOf(step, operation.service, now);
    const failing = 1 - (1 - callFailing(step, to)) * (1 - wire.loss);
    const once =
      step.chance * Math.min(step.timeoutMs, (to?.latencyMs ?? 0) + wire.ms) * (1 + (step.retries > 0 ? failing : 0));
    longest = step.parallel ? Math.max(longest, once) : once;
    ms += step.parallel ? Math.max(0, once - longest) : once;
    if (!step.absorbs) fine *= 1 - step.chance * failing ** (step.retries + 1);
  }
  const usesPool = operation.steps.some(({ to }) => now.system.byName.get(to.service)?.role === 'database');
  const pools = (caller?.instances ?? []).map((instance) => last?.instances.get(instance)?.pool);
  const poolMs =
    usesPool && pools.length > 0 ? pools.reduce((sum, pool) => sum + (pool?.waitMs ?? 0), 0) / pools.length : 0;
  const turned =
    usesPool && pools.length > 0 ? pools.reduce((sum, pool) => sum + (pool?.rejected ?? 0), 0) / pools.length : 0;
  return { ms: ms + poolMs, failing: 1 - fine * (1 - turned) };
}

/** The way to a callee: what is added to every call on average. */
function wireOf({ to }: Step, caller: string, { system, effects, atMs }: Now): { ms: number; loss: number } {
  const service = system.byName.get(to.service);
  if (service === undefined) return { ms: 0, loss: 0 };
  const felt = service.instances.flatMap((instance) => effects.at('wire', { service, instance, caller, atMs }));
  const count = service.instances.length;
  const refused = service.instances.flatMap((instance) => effects.at('refuse', { service, instance, caller, atMs }));
  return {
    ms: 0.5 + felt.reduce((sum, { physics, size, share }) => sum + physics.ms * size * share, 0) / count,
    loss:
      (felt.reduce((sum, { physics, size, share }) => sum + physics.loss * size * share, 0) +
        refused.reduce((sum, { share }) => sum + share, 0)) /
      count,
  };
}

function seenAt(
  operation: Operation,
  look: Look,
  { settling, waitMs }: { settling: Settling; waitMs: number },
): { latencyMs: number; failing: number } {
  const frame = settling.instances.get(look.instance) as InstanceFrame;
  if (!frame.isUp) return { latencyMs: 3, failing: 1 };
  const { effects } = settling.now;
  const slow = effects.at('slow', look).reduce((sum, { physics, size, share }) => sum + physics.ms * size * share, 0);
  const burn = effects
    .at('burn', look)
    .reduce((sum, { physics, size, share }) => sum + physics.perCallMs * size * share, 0);
  const disk = effects
    .at('disk', look)
    .reduce((most, { physics, size }) => Math.max(most, 1 + (physics.factor - 1) * size), 1);
  const own = (operation.cpuMs + burn) * frame.stretch + operation.idleMs * disk + slow;
  const failing = effects
    .at('fail', look)
    .reduce((fine, { size, share }) => fine * (1 - size * share), 1 - operation.usualErrors);
  return { latencyMs: frame.queue.waitMs + own + waitMs, failing: 1 - failing * (1 - frame.queue.rejected) };
}

function nodeLoad(system: System, instances: ReadonlyMap<Instance, InstanceFrame>): Map<string, number> {
  const cores = new Map(system.nodes.map(({ name, otherCores }) => [name, otherCores]));
  for (const [{ node }, { coresUsed }] of instances) {
    const known = cores.get(node.name);
    if (known !== undefined) cores.set(node.name, known + coresUsed);
  }
  return cores;
}
