/** List and watch of one kind, as the API server speaks them. Retries are `reflector.ts`'s. */
import { AppError } from '@faultline/runtime';
import { listPath, type ResourceKind } from '../resources/table.ts';
import { linesOf, maxStatusChars, readText } from './body.ts';
import { isObject, type Json, type JsonObject, list, numberAt, parseJson, text } from './json.ts';
import type { ApiResponse, Transport } from './transport.ts';

export interface ListPage {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  /** Empty: this was the last page. */
  readonly continueToken: string;
  /** Length of the page's text. */
  readonly chars: number;
}

export interface PageRequest {
  readonly limit: number;
  /** Empty: the first page. */
  readonly continueToken: string;
  /** Longer pages are refused. */
  readonly maxChars: number;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: JsonObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface ClientOptions {
  readonly transport: Transport;
  readonly signal: AbortSignal;
}

const requestIdleMs = 60_000;

/** The server ends a watch after its timeout; this much longer without a byte and the connection counts as lost. */
const watchGraceMs = 30_000;

/**
 * One page of all objects, as they are now: without a resource version the server must answer the most recent state.
 * Throws KUBE_GONE for a page token that expired, KUBE_FORBIDDEN, KUBE_UNAVAILABLE, KUBE_BAD_ANSWER, and KUBE_LIST_TOO_LARGE.
 */
export async function listPageOf(
  { transport, signal }: ClientOptions,
  kind: ResourceKind,
  { limit, continueToken, maxChars }: PageRequest,
): Promise<ListPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(continueToken !== '' && { continue: continueToken }) });
  const path = `${listPath(kind)}?${query}`;
  const response = await transport({ method: 'GET', path, signal, idleMs: requestIdleMs });
  if (response.status !== 200) throw statusError(kind, response, await readStatus(response));
  const body = await readText(response.text, maxChars);
  if (body === null) throw pageTooLarge(limit, maxChars);
  const answer = parseJson(body);
  const resourceVersion = text(answer ?? undefined, 'metadata', 'resourceVersion');
  if (!isList(answer) || resourceVersion === '') throw badAnswer();
  return {
    items: list(answer ?? undefined, 'items'),
    resourceVersion,
    continueToken: text(answer ?? undefined, 'metadata', 'continue'),
    chars: body.length,
  };
}

export interface WatchRequest {
  readonly resourceVersion: string;
  readonly watchMs: number;
  /** Called once the server has accepted the watch. */
  readonly onOpen: () => void;
}

/**
 * Events after a resource version, until the server ends the watch or the connection breaks. Throws as `listPageOf`: KUBE_GONE when the
 * server no longer has that version.
 */
export async function* watchEvents(
  { transport, signal }: ClientOptions,
  kind: ResourceKind,
  { resourceVersion, watchMs, onOpen }: WatchRequest,
): AsyncGenerator<WatchEvent> {
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(Math.max(1, Math.round(watchMs / 1000))),
  });
  const path = `${listPath(kind)}?${query}`;
  const response = await transport({ method: 'GET', path, signal, idleMs: watchMs + watchGraceMs });
  if (response.status !== 200) throw statusError(kind, response, await readStatus(response));
  onOpen();
  for await (const line of linesOf(response.text)) {
    const event = readEvent(kind, response, line);
    if (event !== null) yield event;
  }
}

/** Null for types that a later Kubernetes may add. */
function readEvent(kind: ResourceKind, response: ApiResponse, line: string): WatchEvent | null {
  const event = parseJson(line) ?? undefined;
  const type = text(event, 'type');
  const object = isObject(event) ? event['object'] : undefined;
  if (type === 'ERROR')
    throw statusError(kind, { ...response, status: numberAt(object, ['code'], 500) }, object ?? null);
  if (!isObject(object) || type === '') throw badAnswer();
  if (!isKnown(type)) return null;
  const resourceVersion = text(object, 'metadata', 'resourceVersion');
  if (resourceVersion === '') throw badAnswer();
  return type === 'BOOKMARK' ? { type, resourceVersion } : { type, object };
}

const eventTypes = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const;

function isKnown(type: string): type is (typeof eventTypes)[number] {
  return eventTypes.some((known) => known === type);
}

/** A list without objects may have `items: null`. What is no object must not pass for an object that is gone. */
function isList(answer: Json): boolean {
  if (!isObject(answer)) return false;
  const items = answer['items'] ?? [];
  return Array.isArray(items) && items.every((item: Json) => isObject(item));
}

/** Null when it is not JSON or too long: the status of the answer says enough. */
async function readStatus(response: ApiResponse): Promise<Json> {
  return parseJson((await readText(response.text, maxStatusChars)) ?? '');
}

function pageTooLarge(limit: number, maxChars: number): AppError {
  const message = `a page of ${limit} objects has more than ${maxChars} characters`;
  return new AppError('KUBE_LIST_TOO_LARGE', message, { kind: 'permanent' });
}

/** Only codes, reasons and causes decide. The server's message is not repeated: it may name what a reader of logs may not see. */
function statusError(kind: ResourceKind, response: ApiResponse, status: Json): AppError {
  const httpStatus = response.status;
  if (httpStatus === 410 || isTooLarge(status))
    return new AppError('KUBE_GONE', 'the version is not known any more', { kind: 'transient', httpStatus });
  const answered = `the API server answered ${httpStatus}`;
  if (httpStatus === 401 || httpStatus === 403 || (httpStatus === 404 && kind.isOptional))
    return new AppError('KUBE_FORBIDDEN', answered, { kind: 'permanent', httpStatus });
  if (httpStatus === 404) return new AppError('KUBE_BAD_ANSWER', answered, { kind: 'transient', httpStatus });
  const after = response.retryAfterMs === null ? {} : { cause: { retryAfterMs: response.retryAfterMs } };
  return new AppError('KUBE_UNAVAILABLE', answered, { kind: 'transient', httpStatus, ...after });
}

/** The server is behind the version that was asked for: it was restored from a backup, or it has just started. */
function isTooLarge(status: Json): boolean {
  return list(status, 'details', 'causes').some((cause) => text(cause, 'reason') === 'ResourceVersionTooLarge');
}

/** The wait that an error asks for, ms; null when it asks for none. */
export function retryAfterOf(error: unknown): number | null {
  const cause = error instanceof AppError ? error.cause : undefined;
  if (typeof cause !== 'object' || cause === null || !('retryAfterMs' in cause)) return null;
  return typeof cause.retryAfterMs === 'number' ? cause.retryAfterMs : null;
}

function badAnswer(): AppError {
  return new AppError('KUBE_BAD_ANSWER', 'the API server answered neither a list nor a watch event', {
    kind: 'transient',
  });
}
