/** The alerts of a storm, in the batches in which Prometheus sends them to an Alertmanager. Pure. */

/** What Prometheus puts into one request (`maxBatchSize` of its notifier). */
export const alertsPerRequest = 64;

export interface StormAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

const services = 200;
const hourMs = 3_600_000;

/** The body of request `index`: warnings of many instances of 200 services, no two alike. */
export function stormBatch(index: number, total: number, nowMs: number): StormAlert[] {
  const from = index * alertsPerRequest;
  const count = Math.max(0, Math.min(alertsPerRequest, total - from));
  return Array.from({ length: count }, (_, at) => alertOf(from + at, nowMs));
}

function alertOf(number: number, nowMs: number): StormAlert {
  const service = `service-${number % services}`;
  return {
    labels: {
      alertname: 'InstanceSlow',
      service,
      instance: `${service}-${number}:9090`,
      env: 'prod',
      severity: 'warning',
    },
    annotations: { summary: `${service} answers slowly` },
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + hourMs).toISOString(),
  };
}

/** An alert that has nothing to do with the storm and must open an incident of its own. */
export function probeAlert(number: number, nowMs: number): StormAlert {
  return {
    labels: { alertname: 'ProbeDown', service: probeService(number), env: 'prod', severity: 'critical' },
    annotations: { summary: 'a probe fails' },
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + hourMs).toISOString(),
  };
}

export function probeService(number: number): string {
  return `probe-${number}`;
}

/** The value below which a share of the numbers lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
