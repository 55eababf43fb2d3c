/** Reads the flow as exporters do: a point of each series every so often, in the names of one of two worlds. */

import type { Flow } from './flow/flow.ts';
import type { Frame, InstanceFrame } from './flow/frame.ts';
import type { Random } from './random.ts';
import { type Change, senderAt } from './rollout.ts';
import type { Instance, Service, System } from './system.ts';
import type { Sender, SentPoint } from './telemetry.ts';

export type Dialect = 'opentelemetry' | 'prometheus';

export interface MetricOptions {
  readonly system: System;
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly random: Random;
  readonly dialect: Dialect;
  readonly stepMs: number;
}

export interface MetricReader {
  /** The points before `toMs` and after the last call's. */
  readTo(toMs: number): readonly SentPoint[];
}

export function createMetricReader(options: MetricOptions): MetricReader {
  const { flow, system, stepMs } = options;
  const counters: Counters = new Map();
  let atMs = flow.frames[0]?.atMs ?? 0;
  return {
    readTo: (toMs) => {
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

/** Running totals by series, for counters. */
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
  for (const value of valuesOf(options, reading, state))
    emit(options, { sender, atMs, counters: reading.counters }, value);
}

interface Value {
  /** Names by dialect; empty where a world has no such series. */
  readonly names: Readonly<Record<Dialect, string>>;
  readonly unit: string;
  readonly value: number;
  /** Counters are given as growth since the last point. */
  readonly kind?: 'counter';
  /** Spread of the measurement, of the logarithm. */
  readonly noise?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

function valuesOf(options: Readings, { service, instance }: Reading, state: InstanceFrame): Value[] {
  const capacity = options.flow.capacities.get(instance);
  const seconds = options.stepMs / 1000;
  const throttled = Math.max(0, (state.utilisation - 0.8) / 0.2);
  const values: Value[] = [
    { names: names('k8s.pod.cpu.usage', ''), unit: '{cpu}', value: state.coresUsed, noise: 0.1 },
    {
      names: names('', 'container_cpu_usage_seconds_total'),
      unit: 's',
      value: state.coresUsed * seconds,
      kind: 'counter',
      noise: 0.1,
    },
    {
      names: names('k8s.pod.cpu_limit_utilization', ''),
      unit: '1',
      value: state.coresUsed / (capacity?.cores ?? 1),
      noise: 0.1,
    },
    {
      names: names('', 'container_cpu_cfs_throttled_periods_total'),
      unit: '',
      value: throttled * seconds * 10,
      kind: 'counter',
    },
    {
      names: names('k8s.pod.memory.working_set', 'container_memory_working_set_bytes'),
      unit: 'By',
      value: state.memoryShare * service.memoryLimitBytes,
      noise: 0.02,
    },
    {
      names: names('k8s.container.restarts', 'kube_pod_container_status_restarts_total'),
      unit: '{restart}',
      value: state.restarts,
      noise: 0,
    },
  ];
  if (service.role === 'database')
    values.push(
      {
        names: names('system.disk.io_time', 'node_disk_io_time_seconds_total'),
        unit: 's',
        value: state.diskBusy * seconds,
        kind: 'counter',
        noise: 0.1,
        attributes: { device: 'sda' },
      },
      {
        names: names(`${service.engine}.connection.count`, 'pg_stat_activity_count'),
        unit: '{connection}',
        value: Math.ceil(state.queue.busy + state.queue.backlog),
        noise: 0.1,
      },
    );
  else if (service.role === 'worker')
    values.push({
      names: names('kafka.consumer_group.lag', 'kafka_consumergroup_lag'),
      unit: '{message}',
      value: Math.round(state.queue.backlog + state.callsPerMs * Math.min(state.queue.waitMs, pollMs)),
      attributes: { topic: (service.operations[0]?.name ?? '').replace('process ', '') },
    });
  else if (service.role === 'service' || service.role === 'gateway')
    values.push(
      {
        names: names('http.server.active_requests', 'http_server_requests_in_flight'),
        unit: '{request}',
        value: Math.round(state.queue.busy + state.queue.backlog),
        noise: 0.1,
      },
      ...(usesDatabase(options.system, service) ? poolValues(state) : []),
    );
  return values;
}

function poolValues({ pool, poolSize }: InstanceFrame): Value[] {
  return [
    {
      names: names('db.client.connection.count', 'hikaricp_connections_active'),
      unit: '{connection}',
      value: Math.min(poolSize, Math.ceil(pool.busy)),
      attributes: { state: 'used' },
    },
    {
      names: names('db.client.connection.max', 'hikaricp_connections_max'),
      unit: '{connection}',
      value: poolSize,
      noise: 0,
    },
    {
      names: names('db.client.connection.pending_requests', 'hikaricp_connections_pending'),
      unit: '{request}',
      value: Math.round(pool.backlog),
      noise: 0,
    },
  ];
}

function usesDatabase({ byName }: System, { operations }: Service): boolean {
  return operations.some(({ steps }) => steps.some(({ to }) => byName.get(to.service)?.role === 'database'));
}

function names(opentelemetry: string, prometheus: string): Value['names'] {
  return { opentelemetry, prometheus };
}

/** A message waits for the next poll, also when nothing else is there. */
const pollMs = 500;

/** One point in some hundreds is a measurement gone wrong. */
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

/** A node that is dead has no kubelet to ask. */
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
