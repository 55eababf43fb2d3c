/** The fault runs by name, and the sizes of their plays. */
import type { ServiceName } from '../cluster/cluster.ts';
import {
  freezeInTurn,
  joinAndLeave,
  killBrokers,
  killEachOnce,
  killInTurn,
  quiet,
  stopStore,
  together,
} from './disturbance.ts';
import type { PlaySize } from './play.ts';
import type { FaultRun } from './run.ts';

export const fullSize: PlaySize = { seconds: 120, spans: 2_000_000, alerts: 20_000, scopes: 16, shops: 5 };
export const shortSize: PlaySize = { seconds: 24, spans: 60_000, alerts: 1_200, scopes: 6, shops: 2 };

const pairs: Readonly<Record<ServiceName, number>> = { ingest: 2, recorder: 2, correlator: 2, notifier: 2, query: 1 };
const four = { scope: 4, telemetry: 4 };
const services: readonly ServiceName[] = ['correlator', 'recorder', 'notifier', 'ingest', 'query'];

/** Of the full size, one fault at a time. The quiet one comes first: the others are held against it. */
export const fullRuns: readonly FaultRun[] = [
  { name: 'quiet', instances: pairs, partitions: four, disturb: quiet },
  { name: 'kill', instances: pairs, partitions: four, disturb: killInTurn(4_000) },
  { name: 'brokers', instances: pairs, partitions: four, disturb: killBrokers({ count: 3, downMs: 10_000 }) },
  { name: 'store', instances: pairs, partitions: four, disturb: stopStore(30_000) },
  { name: 'join', instances: { ...pairs, correlator: 1 }, partitions: four, disturb: joinAndLeave },
  { name: 'partitions', instances: pairs, partitions: { scope: 8, telemetry: 8 }, disturb: killInTurn(10_000) },
  {
    name: 'freeze',
    instances: pairs,
    partitions: four,
    disturb: freezeInTurn(['correlator', 'recorder', 'notifier', 'correlator', 'recorder'], 15_000),
  },
  { name: 'unbearable', instances: pairs, partitions: four, disturb: quiet, unbearable: 2 },
];

/** Of the short size: everything within one play, held against the same play through one process over the embedded log. */
export const shortRuns: readonly FaultRun[] = [
  { name: 'quiet', instances: null, partitions: { scope: 2, telemetry: 1 }, disturb: quiet },
  {
    name: 'everything',
    instances: pairs,
    partitions: { scope: 8, telemetry: 4 },
    unbearable: 2,
    disturb: together(
      killEachOnce(services),
      killBrokers({ count: 1, downMs: 4_000 }),
      stopStore(5_000),
      joinAndLeave,
      freezeInTurn(['recorder'], 8_000),
    ),
  },
];
