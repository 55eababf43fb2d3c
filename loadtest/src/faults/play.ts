/**
 * The play of a fault run: what senders send and when, down to the byte, as a function of its size and its beginning. Two plays with one beginning
 * are the same, so that a disturbed run can be held against a quiet one.
 *
 * What must not hang on the order of arrival does not: all spans of a trace come in one request, its log lines in the next; the alerts of one scope are sent one request after
 * another; the incidents of a scope are about shops that never call each other, further apart in event time than a storm.
 */
import { alertBodies, unbearableBody } from './play-alerts.ts';
import { logBody, metricBody, shopServices, spansPerTrace, traceBody } from './play-telemetry.ts';

export interface PlaySize {
  readonly seconds: number;
  readonly spans: number;
  readonly alerts: number;
  /** Environments: alerts of each are correlated by themselves. */
  readonly scopes: number;
  /** Incidents of each scope, one after another, each about a shop of its own. */
  readonly shops: number;
  /** So many scopes begin with an alert that the failing correlator cannot bear. */
  readonly unbearable?: number;
}

export interface Play {
  readonly size: PlaySize;
  /** Epoch ms: the event time at which it begins, the same in all runs that are compared. */
  readonly beganMs: number;
  /** In order of `atMs`. What stands together is to be sent one after another: log lines after their spans. */
  telemetry(): Iterable<readonly Message[]>;
  /** Those of one scope, to be sent one after another. */
  alerts(scope: number): Iterable<Message>;
  /** How many incidents it makes, without those of alerts that cannot be borne. */
  readonly incidents: number;
  readonly unbearable: number;
  /** Spans by service: what the windows must count. */
  readonly spansByService: ReadonlyMap<string, number>;
}

export interface Message {
  readonly signal: 'spans' | 'logs' | 'metrics' | 'alerts';
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly items: number;
  /** When to send it, ms after the start. */
  readonly atMs: number;
}

export const tracesPerRequest = 125;
const logsEvery = 5;
const metricsEveryMs = 10_000;
const alertsPerRequest = 25;

/** All scopes have the same tenant. */
export const environmentOf = (scope: number): string => `env-${scope}`;

/** The play of this size. `spans` is rounded up to whole requests of whole traces. */
export function createPlay(size: PlaySize, beganMs: number): Play {
  const requests = Math.ceil(size.spans / spansPerTrace / tracesPerRequest);
  const spansByService = new Map<string, number>();
  for (let request = 0; request < requests; request++)
    for (const [service, spans] of shopServices(shopOf(request, size)))
      spansByService.set(service, (spansByService.get(service) ?? 0) + spans * tracesPerRequest);
  return {
    size,
    beganMs,
    telemetry: () => telemetry(size, beganMs, requests),
    alerts: (scope) => scopeAlerts(size, beganMs, scope),
    incidents: size.scopes * size.shops,
    unbearable: size.unbearable ?? 0,
    spansByService,
  };
}

/** Requests go round the scopes first, then round the shops. */
const scopeOf = (request: number, { scopes }: PlaySize): number => request % scopes;
const shopOf = (request: number, { scopes, shops }: PlaySize): number => Math.floor(request / scopes) % shops;

const protobuf = 'application/x-protobuf';

function* telemetry(size: PlaySize, beganMs: number, requests: number): Generator<readonly Message[]> {
  const stepMs = (size.seconds * 1000) / requests;
  let metricsAtMs = 0;
  for (let request = 0; request < requests; request++) {
    const atMs = request * stepMs;
    const place = { environment: environmentOf(scopeOf(request, size)), shop: shopOf(request, size) };
    const part = {
      ...place,
      firstTrace: request * tracesPerRequest,
      traces: tracesPerRequest,
      atMs: beganMs + atMs,
      stepMs,
    };
    const common = { contentType: protobuf, atMs };
    const spans = tracesPerRequest * spansPerTrace;
    const logs = tracesPerRequest / logsEvery;
    yield [
      { ...common, signal: 'spans', path: '/v1/traces', body: traceBody(part), items: spans },
      { ...common, signal: 'logs', path: '/v1/logs', body: logBody({ ...part, every: logsEvery }), items: logs },
    ];
    if (atMs < metricsAtMs) continue;
    for (let scope = 0; scope < size.scopes; scope++) {
      const { body, items } = metricBody({
        environment: environmentOf(scope),
        shops: size.shops,
        atMs: beganMs + metricsAtMs,
      });
      yield [{ ...common, signal: 'metrics', path: '/v1/metrics', body, items }];
    }
    metricsAtMs += metricsEveryMs;
  }
}

const alertDoor = { signal: 'alerts', path: '/ingest/alertmanager', contentType: 'application/json' } as const;

function unbearableMessage(environment: string, beganMs: number): Message {
  return { ...alertDoor, body: unbearableBody(environment, beganMs), items: 1, atMs: 0 };
}

function* scopeAlerts(size: PlaySize, beganMs: number, scope: number): Generator<Message> {
  if (scope < (size.unbearable ?? 0)) yield unbearableMessage(environmentOf(scope), beganMs);
  const perIncident = Math.round(size.alerts / size.scopes / size.shops);
  const roundMs = (size.seconds * 1000) / size.shops;
  for (let shop = 0; shop < size.shops; shop++) {
    const startsAtMs = beganMs + Math.round((shop + 0.4) * roundMs);
    const bodies = alertBodies({
      environment: environmentOf(scope),
      shop,
      startsAtMs,
      alerts: perIncident,
      perRequest: alertsPerRequest,
    });
    for (const [index, { body, items }] of bodies.entries())
      yield {
        ...alertDoor,
        body,
        items,
        // From the harm on, over half of what is left of the round.
        atMs: (shop + 0.4 + (0.5 * index) / bodies.length) * roundMs,
      };
  }
}
