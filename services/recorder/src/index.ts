/**
 * The recorder: writes telemetry to the store exactly once, and keeps history. It reads the telemetry topics and writes
 * raw rows and 10 s windows (edges, self times, log templates, child calls). It also writes the history of alerts,
 * changes and incidents. It never decides about incidents, never queries the store, and has no API. README.md explains
 * it.
 */
export { type RecorderConfig, recorderConfig } from './config.ts';
export { type RecorderErrorCode, recorderErrors } from './errors.ts';
/** The trace join on its own, for the benchmark. */
export { createAggregate } from './join/aggregate.ts';
export { createInterner } from './join/intern.ts';
export { createTraceJoin, type TraceJoin } from './join/join.ts';
export type { RecorderParts } from './partition/parts.ts';
export { createRecorder, type Recorder } from './recorder.ts';
