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
  mayActAs,
  type Role,
} from './auth.ts';
export { type BindAddress, bindError, checkBindAddress, isLoopback, listenOn } from './bind.ts';
export { addBrowserGuard, type BrowserGuardOptions, isAllowedOrigin, isSameSite } from './browser.ts';
export type { Component, Started } from './component.ts';
export {
  type Config,
  type ConfigCommandOptions,
  describeConfig,
  type Environment,
  environmentName,
  type LoadOptions,
  loadConfig,
  type PrintOptions,
  printConfig,
  runConfigCommand,
  type Sections,
} from './config/index.ts';
export { AppError, type AppErrorOptions, describeErrors, type ErrorCatalogue, type ErrorKind } from './error.ts';
export { type RuntimeErrorCode, runtimeErrors } from './errors.ts';
export { Health, type HealthReport, type HealthStatus } from './health.ts';
export {
  createHttpServer,
  createPlainServer,
  describeHttpError,
  type HttpConfig,
  type HttpErrorAnswer,
  type HttpServerOptions,
  httpConfig,
  httpUrlOf,
  identifyRequest,
  listen,
  requireIdentity,
} from './http.ts';
export { createStopStack, type StopOptions, type StopStack, startAll, startOne, startWith } from './lifecycle.ts';
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
export { type RunOptions, runMain } from './main.ts';
export { Secret, secret } from './secret.ts';
export { describeStartError } from './start-error.ts';
export { ownServiceName, startTelemetry, type Telemetry, type TelemetryConfig, telemetryConfig } from './telemetry.ts';
export { type BackoffOptions, backoffMs, type Clock, sleep, systemClock } from './time.ts';
export { followCertificates, readServerTls, type ServerTls, type TlsConfig, tlsConfig } from './tls.ts';
export {
  noSpan,
  noTrace,
  noTracer,
  processing,
  type Span,
  type SpanAttributes,
  type SpanBegin,
  type TraceHeaders,
  type Tracer,
} from './trace/index.ts';
