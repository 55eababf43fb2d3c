import type { Clock, Component, Logger } from '@faultline/runtime';
import type { BusConfig } from './config.ts';
import { createEmbeddedBus } from './embedded/index.ts';
import type { Bus } from './port.ts';

/** The log that the configuration names. `start` fails with a code that says what to do. */
export function createBus(config: BusConfig, { logger, clock }: { logger: Logger; clock: Clock }): Component<Bus> {
  const { folder, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes } = config;
  return createEmbeddedBus({ folder, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes, logger, clock });
}
