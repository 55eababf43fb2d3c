/** OTLP over gRPC. Messages pass as bytes: the same routes decode them as over HTTP. */

import { bearerToken, bindError } from '@faultline/runtime';
import {
  logVerbosity,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  setLogVerbosity,
} from '@grpc/grpc-js';
import type { IngestConfig } from './config.ts';
import type { Received, Receiver } from './receiver.ts';
import type { Route, Source } from './source.ts';
import { encodeStatus, grpcCodeOf, protobufType, statusText } from './sources/otlp/status.ts';

export interface OtlpGrpcOptions {
  readonly source: Source;
  readonly routes: { readonly spans: Route; readonly logs: Route; readonly metrics: Route };
  readonly receiver: Receiver;
  readonly config: IngestConfig;
}

export interface OtlpGrpcServer {
  /** The port it listens on. Throws an AppError that says what to do. */
  listen(): Promise<number>;
  /** Lets running calls end, for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const services = {
  spans: 'opentelemetry.proto.collector.trace.v1.TraceService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
} as const;

type RawCall = ServerUnaryCall<Buffer, Buffer>;

export function createOtlpGrpc(options: OtlpGrpcOptions): OtlpGrpcServer {
  const { config } = options;
  // grpc-js would print a line of its own beside our message.
  if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    // Holds for the message as sent and once decompressed.
    'grpc.max_receive_message_length': config.limits.telemetryDecompressedBytes,
    'grpc.max_concurrent_streams': 100,
  });
  for (const signal of ['spans', 'logs', 'metrics'] as const)
    server.addService(exportService(services[signal]), {
      Export: (call: RawCall, done: sendUnaryData<Buffer>) => {
        void answer(options, signal, call, done);
      },
    });
  const { host, port } = config.otlpGrpc;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
        server.bindAsync(target, ServerCredentials.createInsecure(), (error, bound) => {
          if (error === null) resolve(bound);
          else reject(bindError(systemError(error), { section: 'ingest.otlpGrpc', host, port }));
        });
      }),
    stop: (graceMs) => stopServer(server, graceMs),
  };
}

function exportService(name: string): ServiceDefinition {
  const asIs = (bytes: Buffer) => bytes;
  return {
    Export: {
      path: `/${name}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  };
}

async function answer(
  options: OtlpGrpcOptions,
  signal: keyof typeof services,
  call: RawCall,
  done: sendUnaryData<Buffer>,
): Promise<void> {
  const headers: Record<string, string> = { 'content-type': protobufType };
  for (const name of ['x-scope-orgid', 'authorization', 'traceparent']) {
    const [value] = call.metadata.get(name);
    if (typeof value === 'string') headers[name] = value;
  }
  const token = bearerToken(headers['authorization']);
  const incoming = { headers, body: call.request, token, rpcMethod: `${services[signal]}/Export` };
  const received = await options.receiver.receive(options.source, options.routes[signal], incoming);
  if (received.problem === null) done(null, Buffer.from(received.reply.body));
  else done(statusOf(received, received.problem));
}

function statusOf({ reply, retryAfterMs }: Received, problem: NonNullable<Received['problem']>) {
  const code = grpcCodeOf(reply.status);
  const details = statusText(problem.code, problem.reason);
  const metadata = new Metadata();
  if (retryAfterMs !== null) metadata.set('grpc-status-details-bin', encodeStatus(code, details, retryAfterMs));
  return { code, details, metadata };
}

/** grpc-js tells a failed bind in words only; the system's code stands in them. */
function systemError(error: Error): Error & { code?: string } {
  const code = /\b(EADDRINUSE|EACCES|EADDRNOTAVAIL|ENOTFOUND)\b/.exec(error.message)?.[1];
  return Object.assign(new Error(error.message), code === undefined ? {} : { code });
}

function stopServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
