/** CloudEvents over HTTP (cloudevents/spec, HTTP protocol binding): structured, batched and binary, to one shape. */
import { cut, isJsonObject, type Json, scalarText } from '../../field.ts';
import { parseJson } from '../../json.ts';
import { type Decoded, refuse, type SourceContext, type SourceRequest } from '../../source.ts';

export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: Json;
  /** The event in structured form. */
  readonly raw: Json;
}

const structured = 'application/cloudevents+json';
const batched = 'application/cloudevents-batch+json';

/**
 * The events of a request, each not yet judged. By the letter the content type says how they come; many senders say application/json for
 * structured events, so that `specversion` in the body counts as well.
 */
export function readEvents(request: SourceRequest, context: SourceContext): Decoded<readonly unknown[]> {
  const { contentType } = request;
  const isBinary = request.headers['ce-type'] !== undefined || request.headers['ce-specversion'] !== undefined;
  const isJson = contentType === '' || contentType === 'application/json' || contentType.endsWith('+json');
  if (!isJson) return refuse(415, 'INGEST_CONTENT_TYPE', `Content-Type: expected ${expectedTypes}`);
  const bytes = request.bytes.length === 0 && isBinary ? emptyData : request.bytes;
  const json = parseJson(bytes, context.config.limits);
  if (!json.ok) return json;
  if (isBinary) return eventsOf([{ ...attributesOf(request.headers), data: json.value }]);
  return contentType === structured || contentType === batched
    ? declaredEvents(json.value, contentType === batched)
    : undeclaredEvents(json.value);
}

const expectedTypes = `${structured}, ${batched}, or ce- headers with application/json`;

function declaredEvents(value: unknown, isBatch: boolean): Decoded<readonly unknown[]> {
  if (!isBatch) return eventsOf([value]);
  return Array.isArray(value) ? eventsOf(value) : refuse(400, 'INGEST_INVALID', 'body: expected an array of events');
}

function undeclaredEvents(value: unknown): Decoded<readonly unknown[]> {
  const events: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isEvent = (event: unknown) => isJsonObject(event) && event['specversion'] !== undefined;
  if (events.length > 0 && events.every(isEvent)) return eventsOf(events);
  return refuse(400, 'INGEST_INVALID', `specversion: expected an event, or a Content-Type of ${expectedTypes}`);
}

function eventsOf(items: readonly unknown[]): Decoded<readonly unknown[]> {
  return { ok: true, items, bad: null, notes: [] };
}

const emptyData = Buffer.from('{}');

/** `ce-` headers as attributes. Their values are percent-encoded (HTTP binding, 3.1.3.2). */
function attributesOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).filter(([header]) => header.startsWith('ce-'));
  return Object.fromEntries(entries.map(([header, value]) => [header.slice(3), decoded(value)]));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** A CloudEvent, or the name of the attribute that is missing or wrong. */
export function readEvent(event: unknown): CloudEvent | { readonly missing: string } {
  if (!isJsonObject(event)) return { missing: 'event' };
  for (const name of ['id', 'source', 'type']) if (scalarText(event[name]) === '') return { missing: name };
  const data = dataOf(event);
  if (data === null) return { missing: 'data' };
  const text = (name: string) => cut(scalarText(event[name]), 1024);
  return {
    id: text('id'),
    source: text('source'),
    type: text('type'),
    subject: text('subject'),
    time: text('time'),
    data,
    raw: event,
  };
}

/** Data in base64 or as a text stands inside a body that was within its own limits. */
const innerLimits = { jsonDepth: 64, jsonValues: 100_000 };

function dataOf(event: Json): Json | null {
  if (isJsonObject(event['data'])) return event['data'];
  const text = textOfData(event);
  if (text === null) return event['data'] === undefined || event['data'] === null ? {} : null;
  const json = parseJson(text, innerLimits);
  return json.ok && isJsonObject(json.value) ? json.value : null;
}

/** Data as bytes, or as a text of JSON, which some SDKs make of an object. */
function textOfData({ data, data_base64: base64 }: Json): Buffer | null {
  if (typeof data === 'string') return Buffer.from(data);
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : null;
}
