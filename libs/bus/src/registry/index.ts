/**
 * A schema registry in front of any adapter of the log: values go out in Confluent's wire format and come back in Avro's single-object encoding, so that neither
 * services nor codecs know of it (ADR 0012). It decides no topic, no key and no schema.
 */
import type { Component, Logger } from '@faultline/runtime';
import type { Bus } from '../port.ts';
import { convertingBus } from './bus.ts';
import { createRegistryClient } from './client.ts';
import type { RegistryConfig } from './config.ts';
import { createConversion } from './convert.ts';
import { registerSchemas } from './register.ts';
import { createSchemaIds } from './schema-ids.ts';

/** `start` registers our schemas first; it rejects with `BUS_REGISTRY_UNAVAILABLE` (transient), `BUS_REGISTRY_DENIED` or `BUS_REGISTRY_REFUSED`. */
export function withRegistry(
  inner: Component<Bus>,
  { config, logger }: { readonly config: RegistryConfig; readonly logger: Logger },
): Component<Bus> {
  return {
    start: async () => {
      const client = createRegistryClient(config);
      const ids = createSchemaIds(client, await registerSchemas(client));
      const { value, stop } = await inner.start();
      return { value: convertingBus(value, createConversion(ids), logger), stop };
    },
  };
}
