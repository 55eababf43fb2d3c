/** A shop of two services: checkout calls orders-db, which fails from some moment on. Deterministic. */

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const nanos = (ms: number) => `${Math.round(ms)}000000`;

export interface ShopTimes {
  readonly fromMs: number;
  readonly brokenFromMs: number;
  readonly toMs: number;
}

const everyMs = 500;

/** One OTLP/JSON request with a trace every half second. */
export function shopTraces({ fromMs, brokenFromMs, toMs }: ShopTimes): object {
  const traces = Array.from({ length: Math.floor((toMs - fromMs) / everyMs) }, (_, n) => fromMs + n * everyMs);
  return {
    resourceSpans: [
      resource(
        'checkout',
        traces.flatMap((atMs) => checkoutSpans(atMs, atMs >= brokenFromMs)),
      ),
      resource(
        'orders-db',
        traces.map((atMs) => dbSpan(atMs, atMs >= brokenFromMs)),
      ),
    ],
  };
}

/** An Alertmanager webhook about one alert. */
export function alertmanager(alertname: string, service: string, startsAtMs: number, severity = 'critical'): object {
  const labels = { alertname, service, severity };
  const alert = {
    status: 'firing',
    labels,
    annotations: {},
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: `${alertname}-${service}`,
  };
  return {
    version: '4',
    groupKey: alertname,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'faultline',
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: '',
    alerts: [alert],
  };
}

function resource(service: string, spans: readonly object[]): object {
  const attributes = { 'service.name': service, 'service.instance.id': `${service}-0` };
  return {
    resource: {
      attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    },
    scopeSpans: [{ scope: { name: 'shop' }, spans }],
  };
}

const ids = (atMs: number) => ({ traceId: hex(atMs, 32), root: hex(atMs * 4, 16), call: hex(atMs * 4 + 1, 16) });

function checkoutSpans(atMs: number, broken: boolean): object[] {
  const { traceId, root, call } = ids(atMs);
  const status = broken ? { code: 2 } : {};
  return [
    { traceId, spanId: root, name: 'POST /checkout', kind: 2, ...times(atMs, broken ? 850 : 50), status },
    {
      traceId,
      spanId: call,
      parentSpanId: root,
      name: 'SELECT',
      kind: 3,
      ...times(atMs + 5, broken ? 840 : 40),
      status,
    },
  ];
}

function dbSpan(atMs: number, broken: boolean): object {
  const { traceId, call } = ids(atMs);
  const spanId = hex(atMs * 4 + 2, 16);
  const status = broken ? { code: 2 } : {};
  return {
    traceId,
    spanId,
    parentSpanId: call,
    name: 'SELECT',
    kind: 2,
    ...times(atMs + 8, broken ? 830 : 30),
    status,
  };
}

function times(startMs: number, durationMs: number) {
  return { startTimeUnixNano: nanos(startMs), endTimeUnixNano: nanos(startMs + durationMs) };
}
