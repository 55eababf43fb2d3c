/**
 * What every process needs, independent of alerts and incidents: configuration, errors, lifecycle, logging, telemetry,
 * health, HTTP, authentication.
 */
export {
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
export { type CommandLine, type CommandOptions, helpOf, type Parsed, parseCommandLine } from './command-line.ts';
export type { Component, Started } from './component.ts';
export { decompressLz4Frame } from './compression/lz4.ts';
export { BadCompression, OutputTooLarge } from './compression/output.ts';
export { decompressSnappyBlock, decompressSnappyFrames, isSnappyFramed } from './compression/snappy.ts';
export {
  type Config,
  type ConfigCommandOptions,
  describeConfig,
  describeInspection,
  type Environment,
  environmentName,
  inspectConfig,
  loadConfig,
  nearest,
  printConfig,
  runConfigCommand,
  type Sections,
} from './config/index.ts';
export { createDiskWatch, type DiskWatch } from './disk-watch.ts';
export { AppError, describeErrors, type ErrorKind } from './error.ts';
export { runtimeErrors } from './errors.ts';
export { Health } from './health.ts';
export { createHttpServer, createPlainServer, httpConfig, httpUrlOf, listen } from './http.ts';
export { type StopStack, startOne, startWith } from './lifecycle.ts';
export { createLogger, type LogFields, type Logger, logConfig, silentLogger } from './log.ts';
export { runMain } from './main.ts';
export { type CommandRun, readCommandLine } from './read-command-line.ts';
export {
  isTimeZone,
  optionalRecurrence,
  recurrence,
  ruleHead,
  ruleWindows,
  withRecurrence,
} from './recurrence/rule-config.ts';
export { instantOf, type Recurrence, type Window, windowsBetween, windowsOf } from './recurrence/windows.ts';
export { Secret, secret } from './secret.ts';
export { authorizationOf, type CredentialHeaders, sessionCookieName } from './session-cookie.ts';
export { describeStartError } from './start-error.ts';
export { type AwaitedServer, type RetryStartOptions, retryStart } from './start-retry.ts';
export { ownServiceName, startTelemetry, telemetryConfig } from './telemetry.ts';
export { backoffMs, type Clock, sleep, systemClock } from './time.ts';
export { followCertificates, readServerTls, type ServerTls, type TlsConfig, tlsConfig } from './tls.ts';
export {
  noTrace,
  noTracer,
  processing,
  type Span,
  type SpanAttributes,
  type SpanBegin,
  type TraceHeaders,
  type Tracer,
} from './trace/index.ts';
