/** What every process needs and no domain: configuration, errors, components, logging, health, HTTP. Knows nothing of alerts or incidents. */
export {
  type AuthConfig,
  type Authenticator,
  authConfig,
  bearerToken,
  createAuthenticator,
  createToken,
  hashToken,
  type Identity,
} from './auth.ts';
export type { Component, Started } from './component.ts';
export { AppError, type ErrorKind } from './error.ts';
export { Health, type HealthReport, type HealthStatus } from './health.ts';
export {
  createLogger,
  type LogConfig,
  type LogEntry,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  logConfig,
  logLevels,
  silentLogger,
} from './log.ts';
export { Secret, secret } from './secret.ts';
export { type BackoffOptions, backoffMs, type Clock, sleep, systemClock } from './time.ts';
