/** What passes between the parts of the receiver. */
import type { Span } from '@faultline/runtime';
import type { BodySource } from '../body/read.ts';
import type { Publisher } from '../publisher.ts';
import type { Problem, Reply, Route, Source, SourceRequest } from '../source.ts';

/** A request whose body is still on its way. Header names are lower case. */
export interface Incoming {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodySource;
  /** Stands for the sender's connection in the budget of bytes. */
  readonly connection: object;
  /** The bearer token of its transport, or null. */
  readonly token: string | null;
  /** Of the address: path and query, without the token. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The full name of the method, when it came by gRPC. */
  readonly rpcMethod?: string;
}

/** The answer, and for transports with manners of their own, what went wrong. */
export interface Received {
  readonly reply: Reply;
  readonly problem: Problem | null;
  /** When the same may be sent again, for an error that passes. */
  readonly retryAfterMs: number | null;
}

/** A request before its body is read. */
export interface OpenCall {
  readonly source: Source;
  readonly route: Route;
  readonly span: Span;
  readonly incoming: Incoming;
  readonly contentType: string;
  readonly receivedAtMs: number;
}

/** A request with its body and its tenant. */
export interface Call extends Omit<OpenCall, 'incoming'> {
  readonly request: SourceRequest;
  /** Where a body came from that no request brought. */
  readonly origin?: string;
  /** Where the records go. Default: the publisher of the route's signals. */
  readonly publisher?: Publisher;
}

/** A body that no request brought, such as a message of a topic. Who configured its way said whose it is. */
export interface KnownBody {
  readonly bytes: Buffer;
  readonly tenant: string;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly topic: string;
  /** The same when the body comes again; part of the reason of a dead letter. */
  readonly origin: string;
  readonly publisher: Publisher;
  /** When it came first. Default: now. */
  readonly receivedAtMs?: number;
}

/** A step's value, or why the sender is refused. */
export type Step<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly status: number; readonly problem: Problem };

/** The media type of a Content-Type header, without parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
