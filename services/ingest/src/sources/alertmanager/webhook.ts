/** Alertmanager's webhook, version 4, and Grafana's, which has the same envelope. Unknown fields are kept. */
import { isJsonObject, type Json } from '../../field.ts';
import { parseJson } from '../../json.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Outcome,
  type Route,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { mapInSteps, type Steps } from '../../steps.ts';
import { type AlertOptions, alertsOf, decodeAlert, type Item, tooManyAlerts } from './alert.ts';

export interface WebhookOptions extends AlertOptions {
  readonly path: string;
  /** Adds what a source has beside the fields of Alertmanager. */
  readonly extend?: (item: Item) => Item;
}

export function webhookRoute({ path, extend = (item) => item, ...options }: WebhookOptions): Route {
  return defineRoute<readonly Item[]>({
    path,
    signal: 'alerts',
    limit: 'alert',
    decode: decodeWebhook,
    normalise: (items, request, context) => alertsOf(items.map(extend), request, context, options),
    replyAccepted,
  });
}

function* decodeWebhook(request: SourceRequest, context: SourceContext): Steps<Decoded<readonly Item[]>> {
  const { limits } = context.config;
  if (!isJsonType(request.contentType))
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = parseJson(request.bytes, limits);
  if (!json.ok) return json;
  if (!isJsonObject(json.value)) return refuse(400, 'INGEST_INVALID', 'body: expected an object');
  const { alerts, ...rest } = json.value;
  if (!Array.isArray(alerts)) return refuse(400, 'INGEST_INVALID', 'alerts: expected an array of alerts');
  const tooMany = tooManyAlerts(alerts.length, context);
  if (tooMany !== null) return tooMany;
  const envelope = boundedEnvelope(rest);
  const read = yield* mapInSteps(alerts, (alert: unknown, index) => ({
    alert,
    field: decodeAlert(alert, `alerts[${index}]`, (body) => body['status'] ?? rest['status'], context),
  }));
  const items = read.flatMap(({ field }) => (field.ok ? [{ ...field.value, envelope }] : []));
  const bad = read.flatMap(({ alert, field }) => (field.ok ? [] : [{ alert, problem: field.problem }]));
  const [first] = bad;
  if (items.length === 0 && first !== undefined) return { ok: false, status: 400, problem: first.problem };
  return {
    ok: true,
    items,
    notes: truncationNotes(rest),
    bad:
      first === undefined
        ? null
        : {
            count: bad.length,
            problems: bad.map(({ problem }) => problem),
            payload: () => Buffer.from(JSON.stringify({ ...rest, alerts: bad.map(({ alert }) => alert) })),
          },
  };
}

export function isJsonType(contentType: string): boolean {
  return contentType === 'application/json' || contentType === '' || contentType.endsWith('+json');
}

/** The envelope is stored with each of its alerts, so it must be small. Of a field that is too large only the name is kept. */
const maxEnvelopeBytes = 16 * 1024;

function boundedEnvelope(envelope: Json): Json {
  let left = maxEnvelopeBytes;
  const kept: [string, unknown][] = [];
  const cutFields: string[] = [];
  for (const [field, value] of Object.entries(envelope)) {
    const sizeBytes = field.length + JSON.stringify(value).length;
    if (sizeBytes > left) cutFields.push(field.slice(0, 100));
    else {
      left -= sizeBytes;
      kept.push([field, value]);
    }
  }
  if (cutFields.length > 0) kept.push(['faultline.truncated', cutFields.slice(0, 20)]);
  return Object.fromEntries(kept);
}

function truncationNotes(envelope: Json): string[] {
  const truncated = envelope['truncatedAlerts'];
  if (typeof truncated !== 'number' || truncated <= 0) return [];
  return [`Alertmanager left out ${truncated} alerts of this group: max_alerts of its webhook is too low`];
}

function replyAccepted({ records, bad, notes }: Outcome) {
  const refused = bad?.problems.map(({ code, reason }) => ({ code, message: reason })) ?? [];
  return jsonReply(200, { status: 'ok', accepted: records.alerts?.length ?? 0, refused: refused.slice(0, 100), notes });
}
