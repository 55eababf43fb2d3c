/** Shared by the PagerDuty routes: reads the body, without its routing key, and words refusals. */
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
import { withoutCredentials } from './credentials.ts';

export type EventBody = { readonly ok: true; readonly body: Json; readonly payload: Json } | Refusal;

/** The event without its routing key, and its payload. `payloadNeeded` decides whether a payload is required. */
export function readEvent(
  request: SourceRequest,
  context: SourceContext,
  payloadNeeded: (body: Json) => boolean,
): EventBody {
  const { contentType } = request;
  // PagerDuty itself ignores the content type, so many clients send a wrong one.
  if (
    contentType !== '' &&
    !contentType.includes('json') &&
    contentType !== 'application/x-www-form-urlencoded' &&
    contentType !== 'text/plain'
  )
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = parseJson(request.bytes, context.config.limits);
  if (!json.ok) return json;
  const body = withoutCredentials(json.value);
  if (!isJsonObject(body)) return refuse(400, 'INGEST_INVALID', 'body: expected an object');
  const payload = body['payload'] ?? {};
  if (!isJsonObject(payload)) return refuse(400, 'INGEST_INVALID', 'payload: expected an object');
  if (payloadNeeded(body) && body['payload'] === undefined)
    return refuse(400, 'INGEST_INVALID', 'payload: expected an object');
  return { ok: true, body, payload };
}

/** A refusal in PagerDuty's format. */
export function replyRefused(status: number, problem: Problem): Reply {
  const word = status < 500 ? 'invalid event' : 'unavailable';
  return jsonReply(status, { status: word, message: `${problem.code}: ${problem.reason}`, errors: [problem.reason] });
}
