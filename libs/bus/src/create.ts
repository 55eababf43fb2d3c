import type { Clock, Component, Health, Logger } from '@faultline/runtime';
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
}

/** Creates the log that the configuration names. `start` rejects with an error of `busErrors`. */
export function createBus(config: BusConfig, environment: BusEnvironment): Component<Bus> {
  const { registry } = config;
  const adapter = createAdapter(config, environment);
  return registry === undefined ? adapter : withRegistry(adapter, { config: registry, logger: environment.logger });
}

function createAdapter(config: BusConfig, { logger, clock, health }: BusEnvironment): Component<Bus> {
  const { kind, folder, kafka, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes } = config;
  if (kind === 'kafka')
    return createKafkaBus({ config: kafka, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes, logger });
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
