/** What senders of alerts and people do during a soak: one alert each 20 s, resolved after a minute, and a console that reads. */
import { createClient, type FaultlineClient } from '../client/client.ts';

const alertEveryMs = 20_000;
const resolveAfterMs = 60_000;
const readEveryMs = 2_000;
/** Far apart in the call graph, so that consecutive incidents are unrelated. */
const serviceStep = 137;

export interface Users {
  readonly http: string;
  readonly tenant: string;
  readonly services: number;
  /** Makes these services fail. */
  readonly fail: (services: readonly number[]) => void;
}

export interface RunningUsers {
  /** Requests that were refused or failed. */
  readonly failures: () => number;
  stop(): void;
}

/** Runs until `stop`. */
export function startUsers({ http, tenant, services, fail }: Users): RunningUsers {
  const client = createClient({ http, otlp: null, tenant });
  let failures = 0;
  const counted = (work: Promise<unknown>) => void work.catch(() => (failures += 1));
  let number = 11;
  const fire = () => {
    const service = number % services;
    number += serviceStep;
    const startsAt = new Date().toISOString();
    fail([service]);
    counted(postAlert(client, tenant, service, { status: 'firing', startsAt }));
    setTimeout(() => {
      const endsAt = new Date().toISOString();
      counted(postAlert(client, tenant, service, { status: 'resolved', startsAt, endsAt }));
    }, resolveAfterMs).unref();
  };
  const timers = [
    setInterval(fire, alertEveryMs),
    setInterval(() => counted(client.getText('/api/v1/incidents')), readEveryMs),
  ];
  return { failures: () => failures, stop: () => timers.forEach(clearInterval) };
}

type Times = { readonly status: 'firing' | 'resolved'; readonly startsAt: string; readonly endsAt?: string };

function postAlert(client: FaultlineClient, environment: string, number: number, times: Times): Promise<unknown> {
  const service = `service-${number}`;
  const labels = { alertname: 'ErrorRatio', service, severity: 'critical', environment };
  const annotations = { summary: `${service} fails` };
  const alert = { ...times, labels, annotations, fingerprint: `errors-${service}` };
  const { status } = times;
  return client.post('/ingest/alertmanager', {
    version: '4',
    groupKey: service,
    status,
    receiver: 'x',
    alerts: [alert],
  });
}
