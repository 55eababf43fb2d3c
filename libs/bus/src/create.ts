import { type Clock, type Component, type Health, type Logger, retryStart, type Started } from '@faultline/runtime';
import type { BusConfig } from './config.ts';
import { createEmbeddedBus } from './embedded/index.ts';
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
    const bus = createKafkaBus({ config: kafka, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes, logger });
    const what = `Kafka at ${kafka.brokers.join(', ')}`;
    const server = { what, deadlineMs: config.startDeadlineMs, setting };
    return { start: () => retryStart<Started<Bus>>(() => bus.start(), server, environment) };
  }
  return createEmbeddedBus({
    folder,
    partitions,
    maxRecordBytes,
    retentionMs,
    telemetryMaxBytes,
    logger,
    clock,
    ...(health === undefined ? {} : { health }),
  });
}
