/** Posts alerts at a steady rate and measures how long each takes. */
import { setTimeout as delay } from 'node:timers/promises';

export interface AlertsOptions {
  readonly http: string;
  readonly tenant: string;
  readonly services: number;
  readonly count: number;
  readonly everyMs: number;
  /** `performance.now()` when each alert's fingerprint was first paged, and first in a revision that a watch sent. */
  readonly pagedAt: ReadonlyMap<string, number>;
  readonly watchedAt: ReadonlyMap<string, number>;
  /** Part of the fingerprints. */
  readonly phase: string;
}

/** Milliseconds from the post. Infinity for what did not come in time. */
export interface AlertTimes {
  readonly answeredMs: readonly number[];
  readonly pagedMs: readonly number[];
  readonly watchedMs: readonly number[];
}

/** How long a revision may take, ms. */
const timeoutMs = 20_000;
/** Far apart in the call graph, so that consecutive alerts are unrelated. */
const serviceStep = 137;

export async function measureAlerts(options: AlertsOptions): Promise<AlertTimes> {
  const posted = new Map<string, number>();
  const answers: Promise<number>[] = [];
  for (let index = 0; index < options.count; index++) {
    const fingerprint = `${options.phase}-${index}`;
    posted.set(fingerprint, performance.now());
    answers.push(post(options, fingerprint, (index * serviceStep + 11) % options.services));
    await delay(options.everyMs);
  }
  const answeredMs = await Promise.all(answers);
  const { pagedAt, watchedAt } = options;
  const isSeen = (name: string) => pagedAt.has(name) && watchedAt.has(name);
  const until = performance.now() + timeoutMs;
  while (performance.now() < until && ![...posted.keys()].every(isSeen)) await delay(50);
  const since = (seenAt: ReadonlyMap<string, number>) =>
    [...posted].map(([name, at]) => (seenAt.get(name) ?? Number.POSITIVE_INFINITY) - at);
  return { answeredMs, pagedMs: since(pagedAt), watchedMs: since(watchedAt) };
}

/** Returns how long the answer took, ms. */
async function post({ http, tenant }: AlertsOptions, fingerprint: string, number: number): Promise<number> {
  const service = `service-${number}`;
  const alert = {
    status: 'firing',
    labels: { alertname: 'ErrorRatio', service, severity: 'critical', environment: tenant },
    annotations: { summary: `${service} fails` },
    startsAt: new Date().toISOString(),
    fingerprint,
  };
  const body = { version: '4', groupKey: fingerprint, status: 'firing', receiver: 'x', alerts: [alert] };
  const headers = { 'content-type': 'application/json', 'x-scope-orgid': tenant };
  const beganAt = performance.now();
  const answer = await fetch(`${http}/ingest/alertmanager`, { method: 'POST', headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer.ok ? performance.now() - beganAt : Number.POSITIVE_INFINITY;
}
