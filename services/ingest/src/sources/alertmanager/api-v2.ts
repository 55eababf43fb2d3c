/**
 * The part of Alertmanager's API v2 that senders of alerts use: Prometheus and the rulers of Loki, Mimir and VictoriaMetrics send to Faultline
 * as to an Alertmanager. The form is `postableAlerts` of Alertmanager's OpenAPI document.
 */
import { type Json, usableTime } from '../../field.ts';
import { parseJson } from '../../json.ts';
import {
  type Decoded,
  defineRoute,
  type FixedPage,
  jsonReply,
  type Reply,
  type Route,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { mapInSteps, type Steps } from '../../steps.ts';
import { type AlertOptions, alertsOf, decodeAlert, type Item, tooManyAlerts } from './alert.ts';
import { isJsonType } from './webhook.ts';

/** Alertmanager's own `resolve_timeout`: how long an alert without an end fires after it was last sent. */
const resolveTimeoutMs = 300_000;

export function apiRoutes(options: Omit<AlertOptions, 'expiresAfterMs'>): readonly Route[] {
  const all: AlertOptions = { ...options, expiresAfterMs };
  const create = (path: string): Route =>
    defineRoute<readonly Item[]>({
      path,
      signal: 'alerts',
      limit: 'alert',
      decode,
      normalise: (items, request, context) => alertsOf(items, request, context, all),
      replyAccepted: () => jsonReply(200, {}),
      replyRefused,
    });
  return [create('/api/v2/alerts'), create('/ingest/alertmanager/api/v2/alerts')];
}

/** Alertmanager answers with a JSON text. Prometheus logs the status only. */
function replyRefused(status: number, { code, reason }: { readonly code: string; readonly reason: string }): Reply {
  return jsonReply(status, `${reason} [${code}]`);
}

function* decode(request: SourceRequest, context: SourceContext): Steps<Decoded<readonly Item[]>> {
  if (!isJsonType(request.contentType))
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = parseJson(request.bytes, context.config.limits);
  if (!json.ok) return json;
  const { value } = json;
  if (!Array.isArray(value)) return refuse(400, 'INGEST_INVALID', 'body: expected an array of alerts');
  const tooMany = tooManyAlerts(value.length, context);
  if (tooMany !== null) return tooMany;
  const statusOf = (alert: Json) => statusAt(alert, request.receivedAtMs, context);
  const read = yield* mapInSteps(value, (alert: unknown, index) => ({
    alert,
    field: decodeAlert(alert, `[${index}]`, statusOf, context),
  }));
  const items = read.flatMap(({ field }) => (field.ok ? [{ ...field.value, envelope: {} }] : []));
  const bad = read.flatMap(({ alert, field }) => (field.ok ? [] : [{ alert, problem: field.problem }]));
  const [first] = bad;
  if (first === undefined) return { ok: true, items, bad: null, notes: [] };
  if (items.length === 0) return { ok: false, status: 400, problem: first.problem };
  const problems = bad.map(({ problem }) => problem);
  const payload = () => Buffer.from(JSON.stringify(bad.map(({ alert }) => alert)));
  return { ok: true, items, notes: [], bad: { count: bad.length, problems, payload } };
}

/** A firing alert has no end, or one in the future: until then it fires unless it is sent again. */
function statusAt(alert: Json, receivedAtMs: number, { config }: SourceContext): 'firing' | 'resolved' {
  const endsAtMs = usableTime(alert['endsAt'], receivedAtMs, config.limits);
  return endsAtMs === null || endsAtMs > receivedAtMs ? 'firing' : 'resolved';
}

/** A ruler that stops sends no resolution. Its alerts end when they say, as in Alertmanager. */
function expiresAfterMs({ body }: Item, { receivedAtMs }: SourceRequest, { config }: SourceContext): number {
  const endsAtMs = usableTime(body['endsAt'], receivedAtMs, config.limits);
  return endsAtMs === null ? resolveTimeoutMs : Math.max(resolveTimeoutMs, endsAtMs - receivedAtMs);
}

/** As Alertmanager 0.27 and newer answers. */
const goneText = 'The API v1 of Alertmanager is gone. Set `api_version: v2` at the sender.';

/** What clients ask an Alertmanager before they send, or show beside its alerts. Faultline has no silences of this form. */
export const apiPages: readonly FixedPage[] = ['', '/ingest/alertmanager'].flatMap((prefix) => [
  {
    path: `${prefix}/api/v2/status`,
    json: {
      cluster: { status: 'disabled' },
      versionInfo: { version: 'faultline', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
      config: { original: '' },
      uptime: '1970-01-01T00:00:00.000Z',
    },
  },
  { path: `${prefix}/api/v2/silences`, json: [] },
  { path: `${prefix}/api/v2/receivers`, json: [{ name: 'faultline' }] },
  { method: 'POST', path: `${prefix}/api/v1/alerts`, status: 410, json: { status: 'error', error: goneText } },
]);
