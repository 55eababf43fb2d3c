/** Metrics of one instance, by its role. */
import type { Capacity } from '../flow/capacity.ts';
import type { InstanceFrame } from '../flow/frame.ts';
import type { Service, System } from '../system/system.ts';
import { names, type Value } from './value.ts';

interface InstanceReading {
  readonly system: System;
  readonly service: Service;
  readonly state: InstanceFrame;
  readonly capacity: Capacity | undefined;
  /** Seconds between two points. Counters grow by rate times this. */
  readonly seconds: number;
}

/** The order is fixed, because the measurement noise is drawn in this order. */
export function valuesOf(reading: InstanceReading): Value[] {
  return [...podValues(reading), ...roleValues(reading)];
}

function roleValues(reading: InstanceReading): Value[] {
  switch (reading.service.role) {
    case 'database':
      return databaseValues(reading);
    case 'worker':
      return workerValues(reading);
    case 'service':
    case 'gateway':
      return [...serverValues(reading), ...(usesDatabase(reading) ? poolValues(reading) : [])];
    default:
      return [];
  }
}

function podValues({ service, state, capacity, seconds }: InstanceReading): Value[] {
  const throttled = Math.max(0, (state.utilisation - 0.8) / 0.2);
  return [
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
}

function databaseValues({ service, state, seconds }: InstanceReading): Value[] {
  return [
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
  ];
}

/** Consumers poll at this interval, so even an idle queue shows some lag. */
const pollMs = 500;

function workerValues({ service, state }: InstanceReading): Value[] {
  return [
    {
      names: names('kafka.consumer_group.lag', 'kafka_consumergroup_lag'),
      unit: '{message}',
      value: Math.round(state.queue.backlog + state.callsPerMs * Math.min(state.queue.waitMs, pollMs)),
      attributes: { topic: (service.operations[0]?.name ?? '').replace('process ', '') },
    },
  ];
}

function serverValues({ state }: InstanceReading): Value[] {
  return [
    {
      names: names('http.server.active_requests', 'http_server_requests_in_flight'),
      unit: '{request}',
      value: Math.round(state.queue.busy + state.queue.backlog),
      noise: 0.1,
    },
  ];
}

function poolValues({ state: { pool, poolSize } }: InstanceReading): Value[] {
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

function usesDatabase({ service, system }: InstanceReading): boolean {
  return service.operations.some(({ steps }) =>
    steps.some(({ to }) => system.byName.get(to.service)?.role === 'database'),
  );
}
