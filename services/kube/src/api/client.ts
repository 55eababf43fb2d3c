/** List and watch of one kind, as the API server speaks them. Retries are `reflector.ts`'s. */
import { AppError } from '@faultline/runtime';
import { listPath, type ResourceKind } from '../resources/table.ts';
import { isObject, type Json, type JsonObject, list, numberAt, parseJson, text } from './json.ts';
import type { ApiResponse, Transport } from './transport.ts';

export interface ListPage {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  /** Empty: this was the last page. */
  readonly continueToken: string;
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

/** The API server stores no object of more than about 1.5 MB, and JSON writes it larger. Characters. */
const maxLineLength = 16 * 2 ** 20;

/** What one page may hold, characters. The pods of `k8s/` have 1 GiB. */
const maxPageLength = 128 * 2 ** 20;

/**
 * One page of all objects, as they are now: without a resource version the server must answer the most recent state.
 * Throws KUBE_GONE for a page token that expired, KUBE_FORBIDDEN, and KUBE_UNAVAILABLE.
 */
export async function listPageOf(
  { transport, signal }: ClientOptions,
  kind: ResourceKind,
  { limit, continueToken }: { readonly limit: number; readonly continueToken: string },
): Promise<ListPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(continueToken !== '' && { continue: continueToken }) });
  const path = `${listPath(kind)}?${query}`;
  const response = await transport({ method: 'GET', path, signal, idleMs: requestIdleMs });
  const body = await wholeText(response);
  if (response.status !== 200) throw statusError(kind, response, parseJson(body));
  const answer = parseJson(body);
  const resourceVersion = text(answer ?? undefined, 'metadata', 'resourceVersion');
  if (!isList(answer) || resourceVersion === '') throw badAnswer();
  return {
    items: list(answer ?? undefined, 'items'),
    resourceVersion,
    continueToken: text(answer ?? undefined, 'metadata', 'continue'),
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
  if (response.status !== 200) throw statusError(kind, response, parseJson(await wholeText(response)));
  onOpen();
  for await (const line of linesOf(response.text)) yield readEvent(kind, response, line);
}

function readEvent(kind: ResourceKind, response: ApiResponse, line: string): WatchEvent {
  const event = parseJson(line) ?? undefined;
  const type = text(event, 'type');
  const object = isObject(event) ? event['object'] : undefined;
  if (type === 'ERROR')
    throw statusError(kind, { ...response, status: numberAt(object, ['code'], 500) }, object ?? null);
  if (!isObject(object) || text(object, 'metadata', 'resourceVersion') === '') throw badAnswer();
  if (type === 'BOOKMARK') return { type, resourceVersion: text(object, 'metadata', 'resourceVersion') };
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return { type, object };
  throw badAnswer();
}

/** A list without objects may have `items: null`. What is no object must not pass for an object that is gone. */
function isList(answer: Json): boolean {
  if (!isObject(answer)) return false;
  const items = answer['items'] ?? [];
  return Array.isArray(items) && items.every((item: Json) => isObject(item));
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...more] = chunk.split('\n');
    parts.push(first);
    length += first.length;
    if (length > maxLineLength) throw tooLong('a watch event');
    for (const next of more) {
      if (length > 0) yield parts.join('');
      parts = [next];
      length = next.length;
    }
  }
}

async function wholeText({ text: chunks }: ApiResponse): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxPageLength) throw tooLong('a list page; lower kube.listPageSize');
    parts.push(chunk);
  }
  return parts.join('');
}

function tooLong(what: string): AppError {
  return new AppError('KUBE_BAD_ANSWER', `the API server sent too much for ${what}`, { kind: 'transient' });
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
