/** The gRPC server: every operation of the table, health and reflection. */
import {
  type Authenticator,
  type BindAddress,
  checkBindAddress,
  type Logger,
  type Role,
  type TlsConfig,
} from '@faultline/runtime';
import {
  logVerbosity,
  Metadata,
  Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { type Call, identifyCaller } from '../api/call.ts';
import { createStreamEncoder } from '../api/encode-once.ts';
import type { Json, Operation, StreamHandler, StreamMessage, UnaryHandler } from '../api/operation.ts';
import type { Contract, MessageCodec } from '../api/proto.ts';
import { roleOf } from '../api/roles.ts';
import { describeApiError } from '../api/status.ts';
import { authenticateFirst, type CheckCall } from './authenticate.ts';
import { listenForGrpc } from './listen.ts';

export interface GrpcServerOptions {
  readonly address: BindAddress;
  readonly tls: TlsConfig;
  readonly operations: readonly Operation[];
  readonly contract: Contract;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
}

export interface GrpcServer {
  readonly port: number;
  /** Refuses new calls, waits up to `graceMs` for running ones, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** Listens. Throws RUNTIME_OPEN_ADDRESS, RUNTIME_TLS_UNREADABLE, RUNTIME_ADDRESS_IN_USE, RUNTIME_ADDRESS_REFUSED. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { address, operations, contract } = options;
  checkBindAddress(address, options.authenticator);
  // grpc-js would print its own line beside our message.
  if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': 4 * 1024 * 1024,
    interceptors: [authenticateFirst(checkOf(options), (error) => grpcError(error, options.logger))],
  });
  const services = [...new Set(operations.map((operation) => operation.service))];
  for (const service of services) {
    const own = operations.filter((operation) => operation.service === service);
    server.addService(serviceDefinition(own, contract), implementation(own, options));
  }
  const health = new HealthImplementation(
    Object.fromEntries(['', ...services.map(fullName)].map((name) => [name, 'SERVING'])),
  );
  health.addToServer(server);
  new ReflectionService(contract.reflected).addToServer(server);
  const listener = await listenForGrpc({ server, address, tls: options.tls, logger: options.logger });
  const stop = async (graceMs: number) => {
    for (const name of ['', ...services.map(fullName)]) health.setStatus(name, 'NOT_SERVING');
    listener.close();
    await shutDown(server, graceMs);
  };
  return { port: listener.port, stop };
}

/** Health and reflection are open to all. */
function checkOf({ operations, authenticator }: GrpcServerOptions): CheckCall {
  const roles = new Map(
    operations.map((operation) => [`/${fullName(operation.service)}/${operation.method}`, roleOf(operation)]),
  );
  return (path, metadata) => {
    const role = roles.get(path);
    if (role !== undefined) callerOf(metadata, authenticator, role);
  };
}

function fullName(service: string): string {
  return `faultline.v1.${service}`;
}

function serviceDefinition(operations: readonly Operation[], contract: Contract): ServiceDefinition {
  return Object.fromEntries(
    operations.map(({ service, method, handler }) => {
      const { input, output } = contract.method(service, method);
      const path = `/${fullName(service)}/${method}`;
      const requestCodec = { requestSerialize: input.encode, requestDeserialize: input.decode };
      const definition =
        handler.kind === 'stream'
          ? { path, requestStream: false, ...requestCodec, ...streamCodec(output) }
          : { path, requestStream: false, ...requestCodec, ...unaryCodec(output) };
      return [method, definition];
    }),
  );
}

function unaryCodec({ encode, decode }: MessageCodec) {
  return { responseStream: false, responseSerialize: encode, responseDeserialize: decode };
}

function streamCodec(codec: MessageCodec) {
  const responseDeserialize = (bytes: Buffer): StreamMessage => ({ own: codec.decode(bytes), shared: null });
  return { responseStream: true, responseSerialize: createStreamEncoder(codec), responseDeserialize };
}

function implementation(operations: readonly Operation[], options: GrpcServerOptions): UntypedServiceImplementation {
  return Object.fromEntries(operations.map((operation) => [operation.method, callHandler(operation, options)]));
}

/** What a call handler needs to know of its operation. */
interface CallOptions extends GrpcServerOptions {
  readonly role: Role;
}

function callHandler(operation: Operation, options: GrpcServerOptions) {
  const { handler } = operation;
  const callOptions = { ...options, role: roleOf(operation) };
  return handler.kind === 'unary' ? unaryCall(handler, callOptions) : streamCall(handler, callOptions);
}

function unaryCall(handler: UnaryHandler, options: CallOptions) {
  return (grpcCall: ServerUnaryCall<Json, Json>, done: sendUnaryData<Json>): void => {
    const answer = async () => handler.handle(grpcCall.request, callOf(grpcCall, options));
    answer().then(
      (json) => done(null, json),
      (error) => done(grpcError(error, options.logger)),
    );
  };
}

function streamCall(handler: StreamHandler, options: CallOptions) {
  return (grpcCall: ServerWritableStream<Json, StreamMessage>): void => {
    const pump = async () => {
      const call = callOf(grpcCall, options);
      for await (const message of handler.handle(grpcCall.request, call)) {
        if (!grpcCall.write(message)) await drained(grpcCall, call.signal);
      }
      grpcCall.end();
    };
    pump().catch((error) => grpcCall.emit('error', grpcError(error, options.logger)));
  };
}

type AnyCall = ServerUnaryCall<Json, Json> | ServerWritableStream<Json, StreamMessage>;

function callOf(grpcCall: AnyCall, { authenticator, role }: CallOptions): Call {
  const controller = new AbortController();
  grpcCall.on('cancelled', () => controller.abort());
  return { ...callerOf(grpcCall.metadata, authenticator, role), signal: controller.signal };
}

function callerOf(metadata: Metadata, authenticator: Authenticator, role: Role) {
  const text = (name: string) => metadata.get(name)[0]?.toString();
  return identifyCaller(authenticator, {
    authorization: text('authorization'),
    scopeOrgId: text('x-scope-orgid'),
    role,
  });
}

function drained(call: ServerWritableStream<Json, StreamMessage>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    call.once('drain', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function grpcError(error: unknown, logger: Logger) {
  const { grpcCode, status, code, message, field } = describeApiError(error);
  if (status === 'INTERNAL')
    logger.error('call failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const metadata = new Metadata();
  metadata.set('faultline-code', code);
  if (field !== null) metadata.set('faultline-field', encodeURIComponent(field));
  return Object.assign(new Error(message), { code: grpcCode, details: message, metadata });
}

function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
