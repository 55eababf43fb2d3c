/**
 * OTLP over gRPC, straight on HTTP/2 (github.com/grpc/grpc: doc/PROTOCOL-HTTP2.md). The library for gRPC gives a message only when all of it is in
 * memory; here the token and the announced size are looked at first. See docs/adr/0025-otlp-grpc-on-http2.md.
 */
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { bearerToken, followCertificates, type Logger, listenOn, readServerTls } from '@faultline/runtime';
import type { IngestConfig } from '../config.ts';
import type { Incoming } from '../receive/call.ts';
import type { Receiver } from '../receiver.ts';
import type { Route, Source } from '../source.ts';
import { protobufType } from '../sources/otlp/status.ts';
import { messageBody } from './message.ts';
import { answerNoGrpc, answerReceived, answerStatus, grpcStatus } from './reply.ts';

type TelemetrySignal = 'spans' | 'logs' | 'metrics';

export interface OtlpGrpcOptions {
  readonly source: Source;
  readonly routes: Readonly<Record<TelemetrySignal, Route>>;
  readonly receiver: Receiver;
  readonly config: IngestConfig;
  readonly logger: Logger;
}

export interface OtlpGrpcServer {
  /** The port it listens on. Throws an AppError that says what to do. */
  listen(): Promise<number>;
  /** Lets running calls end, for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const section = 'ingest.otlpGrpc';
const methods: ReadonlyMap<string, TelemetrySignal> = new Map([
  ['opentelemetry.proto.collector.trace.v1.TraceService/Export', 'spans'],
  ['opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'],
  ['opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
]);

/** Throws RUNTIME_TLS_UNREADABLE. */
export function createOtlpGrpc(options: OtlpGrpcOptions): OtlpGrpcServer {
  const { tls, ...address } = options.config.otlpGrpc;
  const { server, stopFollowing } = createHttp2(tls, options.logger);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  // A session that fails ends by itself; without a listener the error would end the process.
  server.on('sessionError', () => {});
  server.on('stream', (stream, headers) => serve(stream, headers, options));
  return {
    listen: () => listenOn(server, { section, ...address }),
    stop: (graceMs) => {
      stopFollowing();
      return stopServer(server, sessions, graceMs);
    },
  };
}

const settings = { maxConcurrentStreams: 100 };

function createHttp2(tls: IngestConfig['otlpGrpc']['tls'], logger: Logger) {
  if (tls === null) return { server: createServer({ settings }), stopFollowing: () => {} };
  const server = createSecureServer({ settings, ...readServerTls({ section, tls }) });
  const following = followCertificates(server, { section, tls }, logger);
  return { server: server as Http2Server, stopFollowing: () => following.stop() };
}

/** How long a call may be without traffic. */
const callTimeoutMs = 30_000;

function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: OtlpGrpcOptions): void {
  // A sender that went away is no error of ours.
  stream.on('error', () => {});
  const isGrpc = headers[':method'] === 'POST' && String(headers['content-type']).startsWith('application/grpc');
  const method = String(headers[':path']).slice(1);
  const signal = methods.get(method);
  if (!isGrpc) answerNoGrpc(stream);
  else if (signal === undefined)
    answerStatus(stream, { code: grpcStatus.unimplemented, details: `no method ${method}` });
  else startCall(stream, headers, { method, signal }, options);
}

interface Target {
  readonly method: string;
  readonly signal: TelemetrySignal;
}

function startCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  target: Target,
  options: OtlpGrpcOptions,
): void {
  stream.setTimeout(callTimeoutMs, () => stream.close());
  call(stream, headers, target, options).catch((error: unknown) => {
    options.logger.error('call failed', { method: target.method, error: String(error) });
    answerStatus(stream, { code: grpcStatus.internal, details: 'an error inside Faultline' });
  });
}

async function call(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { method, signal }: Target,
  { source, routes, receiver }: OtlpGrpcOptions,
): Promise<void> {
  const texts = headersOf(headers);
  const incoming: Incoming = {
    headers: { ...texts, 'content-type': protobufType },
    token: bearerToken(texts['authorization']),
    body: messageBody(stream, texts['grpc-encoding']),
    connection: stream.session ?? stream,
    rpcMethod: method,
  };
  answerReceived(stream, await receiver.receive(source, routes[signal], incoming));
}

const passedHeaders = ['x-scope-orgid', 'authorization', 'traceparent', 'grpc-encoding'];

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const texts = passedHeaders.map((name) => [name, headers[name]]).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}

function stopServer(server: Http2Server, sessions: ReadonlySet<ServerHttp2Session>, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const session of sessions) session.destroy();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    for (const session of sessions) session.close();
  });
}
