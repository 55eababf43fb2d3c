/** What both PagerDuty routes share: reading the body, and keeping the routing key out of everything that is kept. */
import { isJsonObject, type Json } from '../../field.ts';
import { parseJson } from '../../json.ts';
import {
  jsonReply,
  type Problem,
  type Refusal,
  type Reply,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';

export type EventBody = { readonly ok: true; readonly body: Json; readonly payload: Json } | Refusal;

/** The event without its routing key, and its payload. `payloadNeeded` says whether it must have one. */
export function readEvent(
  request: SourceRequest,
  context: SourceContext,
  payloadNeeded: (body: Json) => boolean,
): EventBody {
  const { contentType } = request;
  // PagerDuty itself does not look at the content type, and clients are careless with it.
  if (
    contentType !== '' &&
    !contentType.includes('json') &&
    contentType !== 'application/x-www-form-urlencoded' &&
    contentType !== 'text/plain'
  )
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = parseJson(request.bytes, context.config.limits);
  if (!json.ok) return json;
  if (!isJsonObject(json.value)) return refuse(400, 'INGEST_INVALID', 'body: expected an object');
  const { routing_key: _credential, service_key: _older, ...body } = json.value;
  const payload = body['payload'] ?? {};
  if (!isJsonObject(payload)) return refuse(400, 'INGEST_INVALID', 'payload: expected an object');
  if (payloadNeeded(body) && body['payload'] === undefined)
    return refuse(400, 'INGEST_INVALID', 'payload: expected an object');
  return { ok: true, body, payload };
}

const keyPattern = /("(?:routing_key|service_key)"\s*:\s*)"(?:[^"\\]|\\.)*("|$)/g;

/** The token of senders that know no header: PagerDuty's routing key, or the service key of its first version. */
export function routingKey(bytes: Buffer): string | null {
  try {
    const body: unknown = JSON.parse(bytes.toString());
    const key = isJsonObject(body) ? (body['routing_key'] ?? body['service_key']) : null;
    return typeof key === 'string' && key !== '' ? key : null;
  } catch {
    return null;
  }
}

/** The bytes without the key. A body that is JSON is written anew, for a key's name may be spelled with escapes. */
export function withoutRoutingKey(bytes: Buffer): Buffer {
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (!isJsonObject(body)) return bytes;
    const { routing_key: _credential, service_key: _older, ...rest } = body;
    return Buffer.from(JSON.stringify(rest));
  } catch {
    return Buffer.from(bytes.toString('latin1').replace(keyPattern, '$1"<secret>"'), 'latin1');
  }
}

/** PagerDuty's own way to refuse. */
export function replyRefused(status: number, problem: Problem): Reply {
  const word = status < 500 ? 'invalid event' : 'unavailable';
  return jsonReply(status, { status: word, message: `${problem.code}: ${problem.reason}`, errors: [problem.reason] });
}
