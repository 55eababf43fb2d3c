/** The alerts of a workload: storms done the services of one system, as Alertmanager sends them. */
import { failsAtMs } from '../cluster/failing-alert.ts';
import { serviceNames } from './workload-telemetry.ts';

export interface StormPart {
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

/** Requests in order. The first holds alerts of every service of the system, so that whatever comes later is about one that alerts. */
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

/** One alert about something of its own, hours before the workload: it would open an incident, at the moment that the failing correlator cannot bear. */
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
