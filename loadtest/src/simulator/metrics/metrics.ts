/** Derives metric points from the flow, in the names of one of two conventions. */

import type { Random } from '../../random/random.ts';
import { type Change, senderAt } from '../fault/change.ts';
import type { Flow } from '../flow/flow.ts';
import type { Frame } from '../flow/frame.ts';
import type { Instance, Service, System } from '../system/system.ts';
import type { Sender, SentPoint } from '../telemetry/telemetry.ts';
import { valuesOf } from './instance-values.ts';
import type { Dialect, Value } from './value.ts';

interface MetricOptions {
  readonly system: System;
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly random: Random;
  readonly dialect: Dialect;
  readonly stepMs: number;
}

interface MetricReader {
  /** Returns the points since the last call and before `toMs`. */
  readMetrics(toMs: number): readonly SentPoint[];
}

export function createMetricReader(options: MetricOptions): MetricReader {
  const { flow, system, stepMs } = options;
  const counters: Counters = new Map();
  let atMs = flow.frames[0]?.atMs ?? 0;
  return {
    readMetrics: (toMs) => {
      const points: SentPoint[] = [];
      const reading = { ...options, emit: (point: SentPoint) => points.push(point) };
      for (; atMs < toMs; atMs += stepMs) {
        const frame = flow.at(atMs);
        for (const service of system.services)
          for (const instance of service.instances) readInstance(reading, { service, instance, frame, atMs, counters });
        for (const node of system.nodes) readNode(reading, node.name, { frame, atMs });
      }
      return points;
    },
  };
}

interface Readings extends MetricOptions {
  readonly emit: (point: SentPoint) => void;
}

/** Running totals of counters, by series. */
type Counters = Map<string, number>;

interface Reading {
  readonly service: Service;
  readonly instance: Instance;
  readonly frame: Frame;
  readonly atMs: number;
  readonly counters: Counters;
}

function readInstance(options: Readings, reading: Reading): void {
  const { service, instance, frame, atMs } = reading;
  const state = frame.instances.get(instance);
  if (state === undefined || !state.isUp || !service.sends.metrics) return;
  const sender = senderAt(service, instance, { changes: options.changes, atMs });
  const capacity = options.flow.capacities.get(instance);
  for (const value of valuesOf({ ...options, service, state, capacity, seconds: options.stepMs / 1000 }))
    emit(options, { sender, atMs, counters: reading.counters }, value);
}

/** Probability of an outlier: a measurement error. */
const spikeChance = 0.002;

function emit(
  options: Readings,
  { sender, atMs, counters }: { sender: Sender; atMs: number; counters: Counters },
  value: Value,
): void {
  const { random, dialect } = options;
  const metric = value.names[dialect];
  if (metric === '') return;
  const noise = value.noise ?? 0.05;
  const spiked = noise > 0 && random.chance(spikeChance) ? 2 + 3 * random.next() : 1;
  const measured = value.value * (noise > 0 ? random.logNormal(1, noise) : 1) * spiked;
  const key = `${sender.instance}\n${metric}`;
  const total = (counters.get(key) ?? 0) + measured;
  if (value.kind === 'counter') counters.set(key, total);
  options.emit({
    sender,
    metric,
    unit: value.unit,
    kind: value.kind ?? 'gauge',
    atMs,
    value: value.kind === 'counter' ? total : measured,
    attributes: value.attributes ?? {},
  });
}

/** A dead node sends no metrics. */
function readNode(options: Readings, name: string, { frame, atMs }: { frame: Frame; atMs: number }): void {
  const node = options.system.nodes.find((one) => one.name === name);
  const hosted = [...frame.instances].filter(([instance]) => instance.node === node);
  if (node === undefined || (hosted.length > 0 && hosted.every(([, { isUp }]) => !isUp))) return;
  const sender = { service: '', instance: '', node: name, zone: node.zone, cluster: '', version: '' };
  const cores = (frame.nodeCores.get(name) ?? 0) * options.random.logNormal(1, 0.05);
  const metric = options.dialect === 'opentelemetry' ? 'k8s.node.cpu.usage' : 'node_cpu_usage';
  options.emit({
    sender,
    metric,
    unit: '{cpu}',
    kind: 'gauge',
    atMs,
    value: Math.min(node.cores, cores),
    attributes: {},
  });
}
