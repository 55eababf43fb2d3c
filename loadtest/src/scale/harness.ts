/** A correlator over a log of its own and an empty store, with a clock that the benchmark moves. */
import { join } from 'node:path';
import { type Bus, busConfig, createBus } from '@faultline/bus';
import { type Correlator, correlatorConfig, createCorrelator } from '@faultline/correlator';
import { consumerGroups, emptyEvidenceRows } from '@faultline/model';
import { Health, type Started, silentLogger, sleep, systemClock } from '@faultline/runtime';
import type { EvidenceReader } from '@faultline/store';
import { graphRecord, layoutOf } from './alerts.ts';
import { Mix } from './mix.ts';

export interface HarnessOptions {
  readonly folder: string;
  readonly partitions: number;
  readonly scopes: number;
  /** Open alerts before the measurement. */
  readonly open: number;
  /** The section `bus` of the configuration, without folder and partitions. */
  readonly bus: object;
}

/** Cost of some alerts: CPU time of this process with all threads, and wall time from publishing to the commit. */
export interface Cost {
  readonly alerts: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface Harness {
  readonly bus: Bus;
  measure(alerts: number): Promise<Cost>;
  readonly memoryMb: number;
  stop(): Promise<void>;
}

const chunk = 200;
const fillChunk = 1000;
const second = 1000;
/**
 * Alerts per second of the harness's clock. Time must pass as in a storm, because it triggers evidence queries and
 * revisions.
 */
const perSecond = 1000;
/** After the fill: first the evidence schedule ends, then the incidents age. */
const ages = [
  { steps: 150, stepMs: second },
  { steps: 120, stepMs: 60 * second },
];
const settleMs = 5;

/** A store without telemetry: every query returns at once, without rows. */
export const emptyStore: EvidenceReader = {
  answerEvidence: async () => emptyEvidenceRows,
};

/** Starts the correlator, opens the alerts and waits until it is idle. */
export async function createHarness(options: HarnessOptions): Promise<Harness> {
  const layout = layoutOf(options.scopes);
  let nowMs = Date.now() - 3 * 3_600_000;
  const shared = { logger: silentLogger, clock: () => nowMs };
  const busSection = busConfig.parse({
    ...options.bus,
    folder: join(options.folder, 'bus'),
    partitions: { scope: options.partitions, telemetry: 1 },
  });
  // Brokers have their own clock.
  const busClock = busSection.kind === 'embedded' ? shared.clock : systemClock;
  const bus = await createBus(busSection, { ...shared, clock: busClock }).start();
  const config = correlatorConfig.parse({ idlePollMs: settleMs, busyPollMs: settleMs, maxOpenedPerMinute: 0 });
  const parts = { bus: bus.value, store: emptyStore, config, health: new Health(), ...shared };
  const correlator: Started<Correlator> = await createCorrelator(parts).start();
  const mix = new Mix(layout);
  await bus.value.publish(Array.from({ length: layout.scopes }, (_, index) => graphRecord(layout, index, nowMs)));
  for (let filled = 0; filled < options.open; filled += fillChunk) {
    await bus.value.publish(mix.fill(Math.min(fillChunk, options.open - filled), nowMs));
    await untilCommitted(bus.value);
    nowMs += (fillChunk / perSecond) * second;
  }
  for (const { steps, stepMs } of ages)
    for (let step = 0; step < steps; step += 1) {
      nowMs += stepMs;
      await sleep(2 * settleMs);
    }
  return {
    bus: bus.value,
    measure: async (alerts) => {
      globalThis.gc?.();
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      for (let done = 0; done < alerts; done += chunk) {
        await bus.value.publish(mix.next(chunk, nowMs));
        await untilCommitted(bus.value);
        nowMs += (chunk / perSecond) * second;
      }
      const { user, system } = process.cpuUsage(cpu);
      return { alerts, cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt };
    },
    get memoryMb() {
      return process.memoryUsage().rss / 1e6;
    },
    stop: async () => {
      await correlator.stop();
      await bus.stop();
    },
  };
}

/** Resolves when the correlator has committed everything on its topics. */
export async function untilCommitted(bus: Bus): Promise<void> {
  for (const topic of ['changes', 'alerts'] as const)
    for (;;) {
      const [ends, positions] = [await bus.offsets(topic), await bus.committed(consumerGroups.correlator, topic)];
      const reached = new Map(positions.map(({ partition, offset }) => [partition, offset]));
      if (ends.every(({ partition, first, next }) => next === first || (reached.get(partition) ?? 0n) >= next)) break;
      await sleep(1);
    }
}
