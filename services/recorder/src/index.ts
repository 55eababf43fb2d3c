/**
 * The recorder: reads the telemetry topics and writes raw rows and the windows that evidence is made of (edges, self times, log
 * templates, child calls), and writes the history of alerts, changes and incidents. It never decides about incidents, asks
 * nothing of the store, and serves no one: what it has recorded shows in the tables, how far it is on `recorder-progress`.
 */
export { type RecorderConfig, recorderConfig } from './config.ts';
export { type RecorderErrorCode, recorderErrors } from './errors.ts';
/** The trace join itself, for the benchmark. */
export { createAggregate } from './join/aggregate.ts';
export { createInterner } from './join/intern.ts';
export { createTraceJoin, type TraceJoin } from './join/join.ts';
export type { RecorderParts } from './partition/parts.ts';
export { createRecorder, type Recorder } from './recorder.ts';
