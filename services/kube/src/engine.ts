/** The pure part of this package: what the API sends goes in, records come out. For replays of recorded objects. */
export type { JsonObject } from './api/json.ts';
export { type ApiInput, ClusterEngine, type EngineOptions } from './cluster/engine.ts';
export { emptyState } from './cluster/saved.ts';
export { createConcealer } from './decode/conceal.ts';
export { type ResourceKind, resourceKinds } from './resources/table.ts';
