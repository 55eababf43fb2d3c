/**
 * A fluid model of the system: one frame of averages every few seconds. Load propagates from callers to callees,
 * latency and failures from callees to callers. Retries and backlogs carry over to the next frame. Metrics, alerts and
 * traces are all derived from it, so they agree.
 */
import type { Effects } from '../fault/effect.ts';
import type { Instance, Operation, System } from '../system/system.ts';
import { type Capacity, sizeCapacities } from './capacity.ts';
import { type Frame, frameMs, type InstanceFrame, type OperationFrame } from './frame.ts';
import { callRates } from './rates.ts';
import { computeService } from './service.ts';

interface FlowOptions {
  readonly system: System;
  readonly effects: Effects;
  /** All requests from outside, sampled or not, without the `traffic` effects. */
  readonly requestsPerMs: (atMs: number) => number;
  /** The design load, requests per ms. */
  readonly usualPerMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Flow {
  readonly frames: readonly Frame[];
  readonly capacities: ReadonlyMap<Instance, Capacity>;
  at(atMs: number): Frame;
}

export function simulateFlow(options: FlowOptions): Flow {
  const capacities = sizeCapacities(options.system, options.usualPerMs);
  const frames: Frame[] = [];
  let last: Frame | null = null;
  for (let atMs = options.fromMs; atMs < options.toMs; atMs += frameMs) {
    last = nextFrame(options, { capacities, atMs, last });
    frames.push(last);
  }
  const first = frames[0] as Frame;
  const at = (atMs: number): Frame =>
    frames[Math.max(0, Math.min(frames.length - 1, Math.floor((atMs - first.atMs) / frameMs)))] as Frame;
  return { frames, capacities, at };
}

interface Now {
  readonly capacities: ReadonlyMap<Instance, Capacity>;
  readonly atMs: number;
  readonly last: Frame | null;
}

function nextFrame(options: FlowOptions, now: Now): Frame {
  const { system, effects } = options;
  const { atMs, last } = now;
  const requestsPerMs = options.requestsPerMs(atMs) * effects.trafficAt(atMs);
  const rates = callRates(system, requestsPerMs, last);
  const instances = new Map<Instance, InstanceFrame>();
  const operations = new Map<Operation, OperationFrame>();
  const context = { ...now, system, effects, rates, instances, operations };
  for (const service of system.services.toReversed()) computeService(service, context);
  return { atMs, requestsPerMs, instances, operations, nodeCores: nodeLoad(system, instances) };
}

function nodeLoad(system: System, instances: ReadonlyMap<Instance, InstanceFrame>): Map<string, number> {
  const cores = new Map(system.nodes.map(({ name, otherCores }) => [name, otherCores]));
  for (const [{ node }, { coresUsed }] of instances) {
    const known = cores.get(node.name);
    if (known !== undefined) cores.set(node.name, known + coresUsed);
  }
  return cores;
}
