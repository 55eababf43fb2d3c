/**
 * The query API: incidents, graph and ledger over gRPC and HTTP from one table of operations, commands written to the log, and the
 * console's files. It decides nothing about an incident: open ones are read from their topic, history from the store, and a command is
 * answered by the revision that the correlator makes of it.
 */
export { describeAnswers } from './api/typescript.ts';
export { type QueryConfig, queryConfig } from './config.ts';
export { type QueryErrorCode, queryErrors } from './errors.ts';
export { exportFromLog } from './export/export.ts';
export { createQuery, type Query, type QueryOptions } from './query.ts';
