/**
 * The log: its port and its adapters. It carries bytes and knows nothing of what they mean; it decides nothing but where a record goes and
 * who reads it.
 */
export { type BusConfig, busConfig } from './config.ts';
export { createBus } from './create.ts';
export { createEmbeddedBus, type EmbeddedBus, type EmbeddedBusOptions, type EmbeddedTuning } from './embedded/index.ts';
export { type BusErrorCode, busErrors } from './errors.ts';
export { createKafkaBus, type KafkaBus, type KafkaBusOptions, type KafkaConfig } from './kafka/index.ts';
export { handleEach, type PoisonOptions } from './poison.ts';
export type * from './port.ts';
