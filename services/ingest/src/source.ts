/**
 * The source port: a source is a name and its routes. A route has two pure steps: `decode` (bytes and headers to items
 * and problems) and `normalise` (items to records). It words the replies as the sender expects them. It never throws,
 * does no I/O and reads no clock. The receiver authenticates, decompresses, publishes and replies.
 */
import type {
  Alert,
  Attributes,
  Change,
  Command,
  EntityRules,
  EnvironmentRules,
  Log,
  MetricPoint,
  Resource,
  Signal,
  Span,
} from '@faultline/model';
import type { SignatureScheme } from './authentication/signature.ts';
import type { TokenPlace } from './authentication/token.ts';
import type { ClusterNames } from './cluster-names.ts';
import type { IngestConfig } from './config.ts';
import type { AnyItem, EncodedItems } from './encode/encoded-items.ts';
import type { IngestErrorCode } from './errors.ts';
import type { MappingEvaluator } from './mapping/evaluator.ts';
import type { SenderCache } from './sender-cache.ts';
import type { ServiceNames } from './service-names.ts';
import { finish, type Steps } from './steps.ts';

/** One request, authenticated and decompressed. Header names are lower case. */
export interface SourceRequest {
  readonly tenant: string;
  readonly bytes: Buffer;
  /** Media type only, lower case, without parameters; empty when the sender gave none. */
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAtMs: number;
  /** Of the address: path and query, without the token. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The value of the mapping, for routes that have one. */
  readonly mapped?: unknown;
}

/** What a source may use beyond the request. */
export interface SourceContext {
  readonly config: IngestConfig;
  readonly entityRules: EntityRules;
  /** Which names of services several namespaces use: see docs/adr/0024-service-names.md. Sources teach it what they read. */
  readonly serviceNames: ServiceNames;
  /** What watched clusters know of pods and addresses. */
  readonly clusterNames: ClusterNames;
  readonly environmentRules: EnvironmentRules;
  readonly mappings: MappingEvaluator;
  /** Reads a small page over HTTPS; null when that fails. Sources check the host first: addresses in bodies are a stranger's. */
  readonly getText: (url: URL) => Promise<string | null>;
  /** What earlier requests told of senders of telemetry. */
  readonly senders: SenderCache;
  /** An id that no other request has, for senders that send none. */
  readonly uniqueId: string;
  /** Processor time that this request has used so far, in ms. */
  processorMs(): number;
}

/** Why a whole body, or one item of it, was refused. */
export interface Problem {
  readonly code: IngestErrorCode;
  /** The field, and what was expected. Never contains a credential. */
  readonly reason: string;
  /** Of the item that is wrong, where the body holds several kinds. Default: that of the route. */
  readonly signal?: Signal;
}

export interface BadItems {
  readonly count: number;
  readonly problems: readonly Problem[];
  /** Just the bad items, in a body of the same format that can be sent again once mended. May leave items out above `maxBytes`. */
  readonly payload: (maxBytes: number) => Uint8Array;
}

/** Encoded items that point into `resources`. */
export interface Telemetry<Item extends AnyItem, From = Resource> {
  readonly resources: readonly From[];
  readonly items: EncodedItems<Item>;
}

/** A resource as decoded, before its scope and entities are known. */
export interface BareResource {
  readonly attributes: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
}

/** What becomes records. A source sets what it has. */
export interface Normalised {
  readonly alerts?: readonly Alert[];
  readonly changes?: readonly Change[];
  readonly commands?: readonly Command[];
  readonly spans?: Telemetry<Span>;
  readonly logs?: Telemetry<Log>;
  readonly metrics?: Telemetry<MetricPoint>;
}

export type Decoded<Items> =
  | {
      readonly ok: true;
      readonly items: Items;
      readonly bad: BadItems | null;
      readonly notes: readonly string[];
      readonly written?: WrittenCounts;
    }
  /** 503: nothing is wrong with the request, and it may be sent again. */
  | { readonly ok: false; readonly status: 400 | 413 | 415 | 503; readonly problem: Problem };

/** How many items of each kind were accepted, for senders that are told. */
export type WrittenCounts = Readonly<Record<string, number>>;

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** The outcome of a request that was accepted at least in part. */
export interface Outcome {
  readonly records: Normalised;
  readonly bad: BadItems | null;
  /** Notes for the reply and the log: items that were skipped on purpose, truncation at the sender. */
  readonly notes: readonly string[];
  readonly written?: WrittenCounts;
}

export type Accepted = { readonly ok: true } & Outcome;

/** What an answer may need of its request. */
export interface ReplyContext {
  readonly contentType: string;
  /** An id of the request for its sender. */
  readonly requestId?: string;
}

export interface Route {
  readonly path: string;
  /** Where a refused body is counted. */
  readonly signal: Signal;
  readonly limit: 'telemetry' | 'alert';
  /** Media type of the bodies, for the OpenAPI document. Default: JSON. */
  readonly bodyType?: string;
  /** Runs before `accept`: what cannot be done at once, such as evaluating a mapping. Never rejects. */
  readonly prepare?: (request: SourceRequest, context: SourceContext) => Promise<Prepared>;
  /** Where the token may stand. Default: `Authorization: Bearer`. */
  readonly tokenPlaces?: readonly TokenPlace[];
  /** How the sender signs its bodies. */
  readonly signature?: SignatureScheme;
  /** Decodes and normalises a request, in steps. */
  acceptSteps(request: SourceRequest, context: SourceContext): Steps<Accepted | Refusal>;
  /** All steps at once. */
  accept(request: SourceRequest, context: SourceContext): Accepted | Refusal;
  replyAccepted(outcome: Outcome, request: ReplyContext): Reply;
  replyRefused(status: number, problem: Problem, request: { readonly contentType: string }): Reply;
  /** The credential in the body, for senders that have no header for it. */
  readonly bodyToken?: (bytes: Buffer) => string | null;
  /** False: bodies may hold secrets, so a refused one is not kept. Default: true. */
  readonly keepsBody?: boolean;
  /** The bytes without credentials, safe to store. */
  readonly redact?: (bytes: Buffer) => Buffer;
}
/** A request that can be decoded now, or why it is refused. */
export type Prepared = { readonly ok: true; readonly request: SourceRequest } | Refusal;
export type Refusal = Extract<Decoded<never>, { readonly ok: false }>;

/** A fixed answer to a request that clients make beside sending. It tells nothing of a tenant, so it needs no token. */
export interface FixedPage {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** Default: 200. */
  readonly status?: number;
  readonly json: unknown;
}

export interface Source {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly pages?: readonly FixedPage[];
}

export interface RouteOptions<Items> extends Omit<Route, 'accept' | 'acceptSteps' | 'replyRefused'> {
  decode(request: SourceRequest, context: SourceContext): Decoded<Items> | Steps<Decoded<Items>>;
  normalise(items: Items, request: SourceRequest, context: SourceContext): Normalised | Steps<Normalised>;
  replyRefused?: Route['replyRefused'];
}

/** Joins the two steps of a route. */
export function defineRoute<Items>(options: RouteOptions<Items>): Route {
  const { decode, normalise, ...rest } = options;
  function* acceptSteps(request: SourceRequest, context: SourceContext): Steps<Accepted | Refusal> {
    const decoding = decode(request, context);
    const decoded = 'ok' in decoding ? decoding : yield* decoding;
    if (!decoded.ok) return decoded;
    yield;
    const made = normalise(decoded.items, request, context);
    const records = 'next' in made ? yield* made : made;
    const { items: _items, ...rest } = decoded;
    return { ...rest, records };
  }
  return {
    replyRefused: (status, problem) => jsonReply(status, { code: problem.code, message: problem.reason }),
    ...rest,
    acceptSteps,
    accept: (request, context) => finish(acceptSteps(request, context)),
  };
}

export function refuse(status: Refusal['status'], code: IngestErrorCode, reason: string): Refusal {
  return { ok: false, status, problem: { code, reason } };
}

export function jsonReply(status: number, body: unknown): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
