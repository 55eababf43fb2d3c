import { type Clock, type Component, type Health, type Logger, retryStart, type Started } from '@faultline/runtime';
import type { BusConfig } from './config.ts';
import { createEmbeddedBus } from './embedded/index.ts';
import { storedTelemetryPartitions } from './embedded/stored-partitions.ts';
import { createKafkaBus } from './kafka/index.ts';
import type { Bus } from './port.ts';
import { withRegistry } from './registry/index.ts';

export interface BusEnvironment {
  readonly logger: Logger;
  readonly clock: Clock;
  /** The embedded log reports damaged files as part `bus`. */
  readonly health?: Health;
  /** Ends the wait for servers at the start. */
  readonly signal?: AbortSignal;
}

const setting = 'bus.startDeadlineMs';

/**
 * Creates the log that the configuration names. `start` waits for brokers and registry up to `bus.startDeadlineMs`. It
 * rejects with an error of `busErrors`.
 */
export function createBus(config: BusConfig, environment: BusEnvironment): Component<Bus> {
  const { registry, startDeadlineMs: deadlineMs } = config;
  const adapter = createAdapter(config, environment);
  if (registry === undefined) return adapter;
  const server = { what: `the schema registry at ${registry.url}`, deadlineMs, setting };
  return withRegistry(adapter, {
    config: registry,
    logger: environment.logger,
    connect: (work) => retryStart(work, server, environment),
  });
}

function createAdapter(config: BusConfig, environment: BusEnvironment): Component<Bus> {
  const { logger, clock, health } = environment;
  const { kind, folder, kafka, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes } = config;
  if (kind === 'kafka') {
    const counts = { ...partitions, telemetry: partitions.telemetry ?? kafkaTelemetryPartitions };
    const shared = { maxRecordBytes, retentionMs, telemetryMaxBytes, logger };
    const bus = createKafkaBus({ config: kafka, partitions: counts, ...shared });
    const what = `Kafka at ${kafka.brokers.join(', ')}`;
    const server = { what, deadlineMs: config.startDeadlineMs, setting };
    return { start: () => retryStart<Started<Bus>>(() => bus.start(), server, environment) };
  }
  const shared = { folder, maxRecordBytes, retentionMs, telemetryMaxBytes, logger, clock };
  const watched = health === undefined ? shared : { ...shared, health };
  return {
    start: () => {
      const telemetry = partitions.telemetry ?? storedTelemetryPartitions(folder) ?? embeddedTelemetryPartitions;
      return createEmbeddedBus({ ...watched, partitions: { ...partitions, telemetry } }).start();
    },
  };
}

/** One process records all partitions of an embedded log, and each partition makes inserts of its own. */
const embeddedTelemetryPartitions = 1;
const kafkaTelemetryPartitions = 2;
