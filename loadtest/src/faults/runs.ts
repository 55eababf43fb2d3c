/** The fault runs by name, and the sizes of their workloads. */
import type { ServiceName } from '../cluster/cluster.ts';
import {
  allOf,
  baseline,
  freezeInstances,
  joinAndLeave,
  killBrokers,
  killEachOnce,
  killInstances,
  stopStore,
} from './fault-injection.ts';
import type { FaultRun } from './run.ts';
import type { WorkloadSize } from './workload.ts';

export const fullSize: WorkloadSize = { seconds: 120, spans: 2_000_000, alerts: 20_000, scopes: 16, systems: 5 };
export const shortSize: WorkloadSize = { seconds: 24, spans: 60_000, alerts: 1_200, scopes: 6, systems: 2 };

const pairs: Readonly<Record<ServiceName, number>> = { ingest: 2, recorder: 2, correlator: 2, notifier: 2, query: 1 };
const four = { scope: 4, telemetry: 4 };
const services: readonly ServiceName[] = ['correlator', 'recorder', 'notifier', 'ingest', 'query'];

/** Runs of full size, one kind of fault each. The baseline comes first, because the others are compared with it. */
export const fullRuns: readonly FaultRun[] = [
  { name: 'baseline', instances: pairs, partitions: four, inject: baseline },
  { name: 'kill', instances: pairs, partitions: four, inject: killInstances(4_000) },
  { name: 'brokers', instances: pairs, partitions: four, inject: killBrokers({ count: 3, downMs: 10_000 }) },
  { name: 'store', instances: pairs, partitions: four, inject: stopStore(30_000) },
  { name: 'join', instances: { ...pairs, correlator: 1 }, partitions: four, inject: joinAndLeave },
  { name: 'partitions', instances: pairs, partitions: { scope: 8, telemetry: 8 }, inject: killInstances(10_000) },
  {
    name: 'freeze',
    instances: pairs,
    partitions: four,
    inject: freezeInstances(['correlator', 'recorder', 'notifier', 'correlator', 'recorder'], 15_000),
  },
  { name: 'poison', instances: pairs, partitions: four, inject: baseline, poisonAlerts: 2 },
];

/** Runs of short size: all faults in one run, compared with a single process over the embedded log. */
export const shortRuns: readonly FaultRun[] = [
  { name: 'baseline', instances: null, partitions: { scope: 2, telemetry: 1 }, inject: baseline },
  {
    name: 'everything',
    instances: pairs,
    partitions: { scope: 8, telemetry: 4 },
    poisonAlerts: 2,
    inject: allOf(
      killEachOnce(services),
      killBrokers({ count: 1, downMs: 4_000 }),
      stopStore(5_000),
      joinAndLeave,
      freezeInstances(['recorder'], 8_000),
    ),
  },
];
