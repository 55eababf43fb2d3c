/** List and watch of one kind, as the API server speaks them. Retries are `reflector.ts`'s. */
import { AppError } from '@faultline/runtime';
import { listPath, type ResourceKind, resourceName } from '../resources/table.ts';
import { linesOf, maxStatusChars, readText } from './body.ts';
import { isObject, type Json, type JsonObject, list, numberAt, parseJson, text } from './json.ts';
import { type ApiResponse, type Transport, unavailable } from './transport.ts';

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
  if (!isObject(answer ?? undefined) || resourceVersion === '') throw badAnswer(kind);
  return {
    items: list(answer ?? undefined, 'items'),
    resourceVersion,
    continueToken: text(answer ?? undefined, 'metadata', 'continue'),
    chars: body.length,
  };
}

/**
 * Events after a resource version, until the server ends the watch or the connection breaks. Throws as `listPageOf`: KUBE_GONE when the
 * server no longer has that version.
 */
export async function* watchEvents(
  { transport, signal }: ClientOptions,
  kind: ResourceKind,
  { resourceVersion, watchMs }: { readonly resourceVersion: string; readonly watchMs: number },
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
  if (!isObject(object) || type === '') throw badAnswer(kind);
  if (type === 'BOOKMARK') return { type, resourceVersion: text(object, 'metadata', 'resourceVersion') };
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return { type, object };
  return null;
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
  const name = resourceName(kind);
  if (response.status === 410 || isTooLarge(status))
    return new AppError('KUBE_GONE', `${name}: the version is not known any more`, { kind: 'transient' });
  if (response.status === 401 || response.status === 403 || response.status === 404)
    return new AppError('KUBE_FORBIDDEN', `${name}: the API server answered ${response.status}`, {
      kind: 'permanent',
      httpStatus: response.status,
    });
  const after = response.retryAfterMs === null ? {} : { cause: { retryAfterMs: response.retryAfterMs } };
  return new AppError('KUBE_UNAVAILABLE', `${name}: the API server answered ${response.status}`, {
    kind: 'transient',
    ...after,
  });
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

function badAnswer(kind: ResourceKind): AppError {
  return new AppError('KUBE_BAD_ANSWER', `${resourceName(kind)}: not a list and not a watch event`, {
    kind: 'transient',
    cause: unavailable(undefined),
  });
}
