import type { z } from 'zod';
import { FieldError } from '../errors.ts';
import type { Call } from './call.ts';

/** Any message in its proto3 JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** One operation of the API. Both servers and the OpenAPI document are built from these. */
export interface Operation {
  readonly service: 'IncidentService' | 'TopologyService' | 'LedgerService' | 'WorkloadService' | 'HygieneService';
  readonly method: string;
  readonly verb: 'GET' | 'POST';
  /** Below `/api/v1`. `{field}` is a field of the request taken from the path. */
  readonly path: string;
  readonly summary: string;
  readonly request: z.ZodObject;
  readonly handler: UnaryHandler | StreamHandler;
}

export interface UnaryHandler {
  readonly kind: 'unary';
  handle(request: Json, call: Call): Promise<Json>;
}

export interface StreamHandler {
  readonly kind: 'stream';
  handle(request: Json, call: Call): AsyncIterable<StreamMessage>;
}

/** A message in two parts. `shared` is the same object for every reader of a stream, so that it is encoded once for all of them. */
export interface StreamMessage {
  readonly own: Json;
  readonly shared: Json | null;
}

interface Place<Schema extends z.ZodObject> {
  /** `IncidentService/ListIncidents`. */
  readonly rpc: `${Operation['service']}/${string}`;
  /** `GET /incidents/{id}`. */
  readonly http: `${Operation['verb']} /${string}`;
  readonly summary: string;
  readonly request: Schema;
}

/** An operation with one answer. */
export function unary<Schema extends z.ZodObject>(
  place: Place<Schema> & { readonly handle: (request: z.output<Schema>, call: Call) => Promise<Json> },
): Operation {
  const handle = async (json: Json, call: Call) => place.handle(parseRequest(place.request, json), call);
  return { ...placed(place), handler: { kind: 'unary', handle } };
}

/** An operation that sends messages until the caller leaves. */
export function stream<Schema extends z.ZodObject>(
  place: Place<Schema> & {
    readonly handle: (request: z.output<Schema>, call: Call) => AsyncIterable<StreamMessage>;
  },
): Operation {
  const handle = (json: Json, call: Call) => place.handle(parseRequest(place.request, json), call);
  return { ...placed(place), handler: { kind: 'stream', handle } };
}

function placed<Schema extends z.ZodObject>({ rpc, http, summary, request }: Place<Schema>) {
  const [service, method] = rpc.split('/') as [Operation['service'], string];
  const [verb, path] = http.split(' ') as [Operation['verb'], string];
  return { service, method, verb, path, summary, request };
}

/** Checks a request against its schema. Throws `FieldError` for the first mistake. In proto3 JSON a null is a field that is not set. */
export function parseRequest<Schema extends z.ZodObject>(schema: Schema, json: Json): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw new FieldError(
    field || 'request',
    issue?.code === 'unrecognized_keys' ? 'is not a field' : `${issue?.message}`,
  );
}

/** The fields of the request that come from the path. */
export function pathFields(operation: Pick<Operation, 'path'>): readonly string[] {
  return [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}
