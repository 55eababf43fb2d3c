/** Alerts of a workload: one storm for each system, as Alertmanager sends it. */
import { failsAtMs } from '../cluster/failing-alert.ts';
import { serviceNames } from './workload-telemetry.ts';

interface StormPart {
  readonly environment: string;
  readonly system: number;
  readonly startsAtMs: number;
  readonly alerts: number;
  readonly perRequest: number;
}

interface Body {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly items: number;
}

/** Requests in order. The first one has an alert of every service, so that later alerts are about known services. */
export function alertBodies({ environment, system, startsAtMs, alerts, perRequest }: StormPart): Body[] {
  const services = serviceNames(system);
  const all = Array.from({ length: alerts }, (_, index) => {
    const service = services[index % services.length] as string;
    return alertOf({ environment, service, index, startsAtMs: startsAtMs + (index % 1000) });
  });
  return Array.from({ length: Math.ceil(all.length / perRequest) }, (_, request) => {
    const part = all.slice(request * perRequest, (request + 1) * perRequest);
    return { body: new TextEncoder().encode(JSON.stringify(webhookOf(part))), items: part.length };
  });
}

/** One unrelated alert, hours before the workload. It would open an incident, and crashes the failing correlator. */
export function poisonAlertBody(environment: string, startMs: number): Uint8Array<ArrayBuffer> {
  const startsAtMs = Math.floor(startMs / 60_000 - 120) * 60_000 + failsAtMs;
  const alert = alertOf({ environment, service: 'poison', index: 0, startsAtMs });
  return new TextEncoder().encode(JSON.stringify(webhookOf([alert])));
}

interface AlertPart {
  readonly environment: string;
  readonly service: string;
  readonly index: number;
  readonly startsAtMs: number;
}

function alertOf({ environment, service, index, startsAtMs }: AlertPart): object {
  const alertname = `Rule${index % 40}`;
  return {
    status: 'firing',
    labels: { alertname, severity: index % 3 === 0 ? 'critical' : 'warning', environment, service, rule: `r${index}` },
    annotations: { summary: `${service} breaks rule ${index}` },
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: `${environment}-${service}-${index}`,
  };
}

function webhookOf(alerts: readonly object[]): object {
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'faultline',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts,
  };
}
