/**
 * Ingest accepts what tools already send (OTLP, alert webhooks, change events), turns it into records, and answers once the log has them. It is
 * not a buffer, it stores nothing of its own, and it decides nothing about incidents.
 */
export { ingestConfig } from './checked-config.ts';
export type { IngestConfig } from './config.ts';
export { type IngestErrorCode, ingestErrors } from './errors.ts';
export { createIngest, createReplayer, type Ingest, type IngestOptions } from './ingest.ts';
export { createMappingEvaluator, type MappingEvaluator } from './mapping/evaluator.ts';
export { type MappingTrial, mappedSourceNames, type TriedMapping, tryMapping } from './mapping/try-mapping.ts';
export type { Replayed, ReplayedLetter, ReplayLetter, ReplayOptions } from './replay.ts';
export { entityRulesOf, environmentRulesOf } from './rules.ts';
