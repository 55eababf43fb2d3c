/**
 * Wraps any adapter for use with a schema registry. Values are written in Confluent's wire format and read back as Avro
 * single-object encoding, so services and codecs do not notice (docs/adr/0012-schema-registry.md).
 */
import type { Component, Logger } from '@faultline/runtime';
import type { Bus } from '../port.ts';
import { convertingBus } from './bus.ts';
import { createRegistryClient } from './client.ts';
import type { RegistryConfig } from './config.ts';
import { createConversion } from './convert.ts';
import { registerSchemas } from './register.ts';
import { createSchemaIds } from './schema-ids.ts';

export interface RegistryOptions {
  readonly config: RegistryConfig;
  readonly logger: Logger;
  /** Runs the registration, and may repeat it. Default: runs it once. */
  readonly connect?: <Value>(work: () => Promise<Value>) => Promise<Value>;
}

/**
 * `start` registers our schemas first. It rejects with `BUS_REGISTRY_UNAVAILABLE` (transient), `BUS_REGISTRY_DENIED` or
 * `BUS_REGISTRY_REFUSED`.
 */
export function withRegistry(
  inner: Component<Bus>,
  { config, logger, connect = (work) => work() }: RegistryOptions,
): Component<Bus> {
  return {
    start: async () => {
      const client = createRegistryClient(config);
      const ids = createSchemaIds(client, await connect(() => registerSchemas(client)));
      const { value, stop } = await inner.start();
      return { value: convertingBus(value, createConversion(ids), logger), stop };
    },
  };
}
