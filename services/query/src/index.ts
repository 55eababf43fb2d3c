/**
 * The query API: incidents, graph and ledger over gRPC and HTTP, from one table of operations. It also serves the console. It decides
 * nothing about an incident. Open incidents come from their topic, past ones from the store. Commands go to the log, and the revision that
 * the correlator makes of a command is its answer.
 */
export type { SuppressionOf } from './alert-decision/gather.ts';
export { describeAnswers } from './api/typescript.ts';
export { queryConfig } from './config.ts';
export { queryErrors } from './errors.ts';
export { exportFromLog } from './export/export.ts';
export type { ReplayLetter } from './ledger/replay.ts';
export { createQuery } from './query.ts';
export { type RightsizingConfig, rightsizingConfig } from './rightsizing/config.ts';
