import type { Bus } from '@faultline/bus';
import { createCore, planEvidence, type Ranker, rankHypotheses } from '@faultline/correlation';
import { consumerGroups } from '@faultline/model';
import {
  type Clock,
  type Component,
  Health,
  type Logger,
  noTracer,
  type Started,
  type Tracer,
} from '@faultline/runtime';
import type { EvidenceReader } from '@faultline/store';

import { startCatalogue } from './catalogue/watch.ts';
import { type CorrelatorConfig, coreConfigOf } from './config.ts';
import { Failures } from './failures.ts';
import { PartitionHealth } from './partition-health.ts';
import { runPartition } from './partition-loop.ts';
import { SizeLimit } from './size-limit.ts';
import { RecorderView, SettledView } from './watermark.ts';

export interface CorrelatorOptions {
  readonly bus: Bus;
  readonly store: EvidenceReader;
  readonly config: CorrelatorConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health?: Health;
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
  /** Default: the project's own. */
  readonly ranker?: Ranker;
}

export interface Correlator {
  /** Rejects when a partition failed for good; resolves on stop. */
  readonly done: Promise<void>;
}

/** The correlator: one loop for each partition of alerts, changes and commands; one core state for each scope. */
export function createCorrelator(options: CorrelatorOptions): Component<Correlator> {
  return { start: () => startCorrelator(options) };
}

async function startCorrelator(options: CorrelatorOptions): Promise<Started<Correlator>> {
  const { bus, config, clock, logger, ranker = { rankHypotheses, planEvidence } } = options;
  const { health = new Health(), tracer = noTracer } = options;
  const stopping = new AbortController();
  const settled = new SettledView();
  const following = settled.follow(bus, { signal: stopping.signal, logger });
  const recorder = new RecorderView({ bus, clock, maxAgeMs: config.watermarkPollMs });
  const partitionHealth = new PartitionHealth(health, stopping.signal);
  const sizeLimit = new SizeLimit(bus.maxRecordBytes);
  const watched = await startCatalogue({ bus, config, logger, health, signal: stopping.signal });
  const shared = {
    ...options,
    catalogue: watched.catalogue,
    health: partitionHealth,
    sizeLimit,
    tracer,
    settled,
    recorder,
    failures: new Failures(),
  };
  const subscription = bus.subscribe({
    group: consumerGroups.correlator,
    topics: ['alerts', 'changes', 'commands'],
    run: (assignment) => {
      const coreConfig = coreConfigOf(config, sizeLimit.maxRecordBytes);
      const run = () => runPartition(assignment, { ...shared, core: createCore(ranker), coreConfig });
      return partitionHealth.follow(assignment, run);
    },
  });
  // Health reports it; the owner of `done` sees the cause.
  subscription.done.catch((error) => health.set('correlator', { ok: false, detail: `stopped: ${String(error)}` }));
  const stop = async () => {
    stopping.abort();
    await Promise.all([subscription.stop(), following, watched.done]);
    partitionHealth.removeAll();
  };
  return { value: { done: subscription.done }, stop };
}
