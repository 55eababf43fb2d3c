/**
 * What this adapter uses of kafkajs: its connections (TLS, SASL, request queue) and its encoding of requests and
 * responses. The rest of kafkajs is not used; libs/bus/README.md says why. Its inner modules have no types, so the
 * shapes are declared here.
 */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** One request of the protocol, ready to send, and how to decode its response. */
export interface ProtocolCall {
  readonly request: object;
  readonly response: {
    decode(payload: Buffer): Promise<unknown>;
    parse(decoded: unknown): unknown;
  };
  readonly requestTimeout?: number;
}

/** The logger interface that kafkajs expects. */
export interface KafkajsLogger {
  info(message: string, extra?: object): void;
  error(message: string, extra?: object): void;
  warn(message: string, extra?: object): void;
  debug(message: string, extra?: object): void;
  namespace(name: string): KafkajsLogger;
  setLogLevel(level: number): void;
}

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly logger: KafkajsLogger;
  readonly socketFactory: unknown;
  readonly ssl: object | null;
  readonly sasl: object | null;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
}

/** A request that we encode ourselves, as an entry of kafkajs's queue. */
export interface RawRequest {
  readonly entry: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly resolve: (answer: { readonly payload: Buffer }) => void;
    readonly reject: (error: unknown) => void;
  };
  readonly expectResponse: true;
  readonly requestTimeout: null;
  readonly sendRequest: () => void;
}

export interface Connection {
  readonly socket?: { destroy(): void; cork(): void; uncork(): void; write(bytes: Uint8Array): boolean };
  readonly requestQueue: {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests(): void;
    push(request: RawRequest): void;
  };
  nextCorrelationId(): number;
  isAuthenticated(): boolean;
  isConnected(): boolean;
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  authenticate(): Promise<void>;
  setVersions(versions: object): void;
  setSupportAuthenticationProtocol(isSupported: boolean): void;
  rejectRequests(error: Error): void;
  send(call: ProtocolCall & { logResponseError?: boolean }): Promise<unknown>;
}

export type ApiName =
  | 'Fetch'
  | 'ListOffsets'
  | 'Metadata'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'GroupCoordinator'
  | 'JoinGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'SyncGroup'
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'DescribeConfigs'
  | 'InitProducerId'
  | 'AddPartitionsToTxn'
  | 'AddOffsetsToTxn'
  | 'EndTxn'
  | 'TxnOffsetCommit';

interface RequestDefinition {
  readonly versions: readonly string[];
  protocol(at: { version: number }): (options?: object) => ProtocolCall;
}

interface Requests {
  readonly requests: Readonly<Record<ApiName | 'ApiVersions', RequestDefinition>>;
  lookup(versions: object): (apiKey: number, definition: RequestDefinition) => (options?: object) => ProtocolCall;
}

export const Connection = load('kafkajs/src/network/connection') as new (options: ConnectionOptions) => Connection;
export const createSocketFactory = load('kafkajs/src/network/socketFactory') as () => unknown;
export const { requests, lookup } = load('kafkajs/src/protocol/requests') as Requests;
export const apiKeys = load('kafkajs/src/protocol/requests/apiKeys') as Readonly<Record<ApiName, number>>;
const { createErrorFromCode } = load('kafkajs/src/protocol/error') as { createErrorFromCode(code: number): Error };
export const assignerProtocol = load('kafkajs/src/consumer/assignerProtocol') as {
  readonly MemberMetadata: {
    encode(metadata: { version: number; topics: readonly string[]; userData?: Buffer }): Buffer;
    decode(buffer: Buffer): { readonly topics: string[]; readonly userData: Buffer | null };
  };
  readonly MemberAssignment: {
    encode(assignment: { version: number; assignment: Record<string, readonly number[]> }): Buffer;
    decode(buffer: Buffer): { readonly assignment: Record<string, number[]> } | null;
  };
};

/** The error for a protocol code. kafkajs drops the number of a code that it does not know, so it is added here. */
export const protocolError = (code: number): Error => Object.assign(createErrorFromCode(code), { code });
