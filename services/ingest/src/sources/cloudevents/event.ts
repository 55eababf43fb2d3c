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

/** The events of a request, each not yet judged. */
export function readEvents(request: SourceRequest, context: SourceContext): Decoded<readonly unknown[]> {
  const { contentType } = request;
  const isBinary = request.headers['ce-type'] !== undefined || request.headers['ce-specversion'] !== undefined;
  if (!isBinary && contentType !== structured && contentType !== batched)
    return refuse(
      415,
      'INGEST_CONTENT_TYPE',
      `Content-Type: expected ${structured}, ${batched}, or ce- headers with application/json`,
    );
  if (isBinary && contentType !== 'application/json' && !contentType.endsWith('+json') && contentType !== '')
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected JSON data with ce- headers');
  const json = parseJson(request.bytes.length === 0 && isBinary ? emptyData : request.bytes, context.config.limits);
  if (!json.ok) return json;
  if (contentType === batched && !isBinary) {
    if (!Array.isArray(json.value)) return refuse(400, 'INGEST_INVALID', 'body: expected an array of events');
    return { ok: true, items: json.value as unknown[], bad: null, notes: [] };
  }
  const event = isBinary ? { ...attributesOf(request.headers), data: json.value } : json.value;
  return { ok: true, items: [event], bad: null, notes: [] };
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

/** Data in base64 stands inside a body that was within its own limits. */
const base64Limits = { jsonDepth: 64, jsonValues: 100_000 };

function dataOf(event: Json): Json | null {
  if (isJsonObject(event['data'])) return event['data'];
  if (typeof event['data_base64'] !== 'string') return event['data'] === undefined ? {} : null;
  const json = parseJson(Buffer.from(event['data_base64'], 'base64'), base64Limits);
  return json.ok && isJsonObject(json.value) ? json.value : null;
}
