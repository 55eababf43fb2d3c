/**
 * The workload of a fault run: all requests and their times, as a function of size and start. Two workloads with the
 * same start are identical, so a run with faults can be compared with a baseline run.
 *
 * Results must not depend on the order of arrival. So all spans of a trace come in one request and its log lines in the
 * next. The alerts of one scope are sent one request after another. The incidents of a scope are about unconnected
 * systems, further apart in event time than a storm.
 */
import { alertBodies, poisonAlertBody } from './workload-alerts.ts';
import { logBody, metricBody, spansPerTrace, systemServices, traceBody } from './workload-telemetry.ts';

export interface WorkloadSize {
  readonly seconds: number;
  readonly spans: number;
  readonly alerts: number;
  /** Tenants. Alerts of each are correlated separately, and each is in one partition (docs/adr/0026-scope-is-the-tenant.md). */
  readonly scopes: number;
  /** Incidents per scope, one after another, each about a system of its own. */
  readonly systems: number;
  /** This many scopes start with an alert that crashes the failing correlator. */
  readonly poisonAlerts?: number;
}

export interface Workload {
  readonly size: WorkloadSize;
  /** Event time of the start, epoch ms. The same in all runs that are compared. */
  readonly startMs: number;
  /** In order of `atMs`. The messages of one array are sent one after another: spans first, then their log lines. */
  telemetry(): Iterable<readonly Message[]>;
  /** The alerts of one scope, to be sent one after another. */
  alerts(scope: number): Iterable<Message>;
  /** Expected incidents, without those of poison alerts. */
  readonly incidents: number;
  readonly poisonAlerts: number;
  /** Expected spans by service. */
  readonly spansByService: ReadonlyMap<string, number>;
}

export interface Message {
  readonly signal: 'spans' | 'logs' | 'metrics' | 'alerts';
  readonly path: string;
  readonly contentType: string;
  /** Whose data it is, for the header `X-Scope-OrgID`. */
  readonly tenant: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly items: number;
  /** When to send it, ms after the start. */
  readonly atMs: number;
}

export const tracesPerRequest = 125;
const logsEvery = 5;
const metricsEveryMs = 10_000;
const alertsPerRequest = 25;

export const tenantOf = (scope: number): string => `tenant-${scope}`;
export const tenantsOf = ({ scopes }: WorkloadSize): readonly string[] =>
  Array.from({ length: scopes }, (_, scope) => tenantOf(scope));
const environment = 'production';

/** Rounds `spans` up to whole requests of whole traces. */
export function createWorkload(size: WorkloadSize, startMs: number): Workload {
  const requests = Math.ceil(size.spans / spansPerTrace / tracesPerRequest);
  const spansByService = new Map<string, number>();
  for (let request = 0; request < requests; request++)
    for (const [service, spans] of systemServices(systemOf(request, size)))
      spansByService.set(service, (spansByService.get(service) ?? 0) + spans * tracesPerRequest);
  return {
    size,
    startMs,
    telemetry: () => telemetry(size, startMs, requests),
    alerts: (scope) => scopeAlerts(size, startMs, scope),
    incidents: size.scopes * size.systems,
    poisonAlerts: size.poisonAlerts ?? 0,
    spansByService,
  };
}

/** Consecutive requests rotate over the scopes, then over the systems. */
const scopeOf = (request: number, { scopes }: WorkloadSize): number => request % scopes;
const systemOf = (request: number, { scopes, systems }: WorkloadSize): number => Math.floor(request / scopes) % systems;

const protobuf = 'application/x-protobuf';

function* telemetry(size: WorkloadSize, startMs: number, requests: number): Generator<readonly Message[]> {
  const stepMs = (size.seconds * 1000) / requests;
  let metricsAtMs = 0;
  for (let request = 0; request < requests; request++) {
    const atMs = request * stepMs;
    const part = {
      environment,
      system: systemOf(request, size),
      firstTrace: request * tracesPerRequest,
      traces: tracesPerRequest,
      atMs: startMs + atMs,
      stepMs,
    };
    const common = { contentType: protobuf, tenant: tenantOf(scopeOf(request, size)), atMs };
    const spans = tracesPerRequest * spansPerTrace;
    const logs = tracesPerRequest / logsEvery;
    yield [
      { ...common, signal: 'spans', path: '/v1/traces', body: traceBody(part), items: spans },
      { ...common, signal: 'logs', path: '/v1/logs', body: logBody({ ...part, every: logsEvery }), items: logs },
    ];
    if (atMs < metricsAtMs) continue;
    for (let scope = 0; scope < size.scopes; scope++) {
      const { body, items } = metricBody({
        environment,
        systems: size.systems,
        atMs: startMs + metricsAtMs,
      });
      yield [{ ...common, tenant: tenantOf(scope), signal: 'metrics', path: '/v1/metrics', body, items }];
    }
    metricsAtMs += metricsEveryMs;
  }
}

const alertRequest = { signal: 'alerts', path: '/ingest/alertmanager', contentType: 'application/json' } as const;

function poisonAlertMessage(tenant: string, startMs: number): Message {
  return { ...alertRequest, tenant, body: poisonAlertBody(environment, startMs), items: 1, atMs: 0 };
}

function* scopeAlerts(size: WorkloadSize, startMs: number, scope: number): Generator<Message> {
  if (scope < (size.poisonAlerts ?? 0)) yield poisonAlertMessage(tenantOf(scope), startMs);
  const perIncident = Math.round(size.alerts / size.scopes / size.systems);
  const roundMs = (size.seconds * 1000) / size.systems;
  for (let system = 0; system < size.systems; system++) {
    const startsAtMs = startMs + Math.round((system + 0.4) * roundMs);
    const bodies = alertBodies({
      environment,
      system,
      startsAtMs,
      alerts: perIncident,
      perRequest: alertsPerRequest,
    });
    for (const [index, { body, items }] of bodies.entries())
      yield {
        ...alertRequest,
        tenant: tenantOf(scope),
        body,
        items,
        // The alerts spread over the half of the round after the onset.
        atMs: (system + 0.4 + (0.5 * index) / bodies.length) * roundMs,
      };
  }
}
