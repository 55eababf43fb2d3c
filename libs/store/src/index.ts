/**
 * The store: ClickHouse, embedded or on a server. It keeps telemetry, its 10 s windows and the history of incidents, writes by named
 * batches that are never counted twice, and answers a fixed set of bounded questions. It decides nothing and joins nothing: rows come
 * ready from the recorder.
 */
export { type StoreConfig, storeConfig } from './config.ts';
export { type StoreErrorCode, storeErrors } from './errors.ts';
export type { EvidenceReader, Store, StoreWriter } from './port.ts';
export type { EvidenceRows } from './queries/evidence.ts';
export * from './rows.ts';
export { createStore, type StoreOptions } from './store.ts';
