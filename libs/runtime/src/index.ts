/** What every process needs and no domain: errors, components, logging. Knows nothing of alerts or incidents. */
export type { Component, Started } from './component.ts';
export { AppError, type ErrorKind } from './error.ts';
export { type LogFields, type Logger, silentLogger } from './log.ts';
