/**
 * `npm run bench -- first-hypothesis [--load SPANS_PER_SECOND] [--incidents N]`: time from posting an alert to a page
 * with causes, in a system of 300 services with more than an hour of windows, under load. Each incident is about
 * another service, which fails for some seconds before its alert. Prints one JSON line.
 */
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient, type FaultlineClient } from '../client/client.ts';
import { type HypothesisPager, type Notified, startHypothesisPager } from '../load/hypothesis-pager.ts';
import { scopeName, startUnderLoad, system, type UnderLoad } from '../load/under-load.ts';

const warmUpMs = 20_000;
/** A service fails for this long before its alert. Then the next one fails. */
const failsMs = 8_000;
const timeoutMs = 30_000;
/** Coprime to the number of services and far apart in the call graph, so that consecutive incidents are unrelated. */
const serviceStep = 137;

interface Posted {
  readonly service: string;
  readonly fingerprint: string;
  readonly postedAt: number;
}

export async function run(): Promise<Record<string, unknown>> {
  const { load, incidents } = parseArgs({
    args: process.argv.slice(3),
    options: { load: { type: 'string', default: '5000' }, incidents: { type: 'string', default: '32' } },
  }).values;
  const pager = await startHypothesisPager();
  const channels = [{ type: 'webhook', name: 'pager', url: pager.url, secret: 'a-secret-of-the-bench' }];
  // Alerts of different incidents fire seconds apart here, so closeness in time alone must not group them.
  const config = { notifier: { channels }, correlator: { stormGapMs: 1_000, maxOpenedPerMinute: 0 } };
  const faultline = await startUnderLoad(Number(load), config);
  try {
    await delay(warmUpMs);
    const before = await faultline.count();
    const startedAt = performance.now();
    const posted = await playIncidents(faultline, Number(incidents));
    const after = await faultline.count();
    const spansPerSecond = Math.round((after.accepted - before.accepted) / ((performance.now() - startedAt) / 1000));
    await waitFor(pager, posted);
    const line = {
      spansPerSecond,
      refused: after.refused - before.refused,
      ...summaryOf(posted, pager.notified),
      loadAverage: loadavg(),
      processors: availableParallelism(),
    };
    console.log(JSON.stringify(line));
    return line;
  } finally {
    await faultline.stop();
    pager.close();
  }
}

async function playIncidents(faultline: UnderLoad, count: number): Promise<Posted[]> {
  const client = createClient({ http: faultline.app.addresses.http, otlp: null, tenant: scopeName });
  const posted: Posted[] = [];
  for (let index = 0; index < count; index++) {
    const number = (index * serviceStep + 11) % system.services;
    faultline.break([number]);
    await delay(failsMs);
    posted.push(await post(client, `service-${number}`));
  }
  return posted;
}

async function post(client: FaultlineClient, service: string): Promise<Posted> {
  const fingerprint = `errors-${service}`;
  const labels = { alertname: 'ErrorRatio', service, severity: 'critical', environment: scopeName };
  const annotations = { summary: `${service} fails` };
  const alert = { status: 'firing', labels, annotations, startsAt: new Date().toISOString(), fingerprint };
  const postedAt = performance.now();
  await client.post('/ingest/alertmanager', {
    version: '4',
    groupKey: service,
    status: 'firing',
    receiver: 'faultline',
    alerts: [alert],
  });
  return { service, fingerprint, postedAt };
}

async function waitFor({ notified }: HypothesisPager, posted: readonly Posted[]): Promise<void> {
  const until = performance.now() + timeoutMs;
  const isOpen = () => posted.some(({ fingerprint }) => (notified.get(fingerprint)?.hypothesisAt ?? null) === null);
  while (isOpen() && performance.now() < until) await delay(100);
}

function summaryOf(posted: readonly Posted[], notified: ReadonlyMap<string, Notified>): Record<string, unknown> {
  const ids = new Set<string>();
  const rows = posted.map(({ service, fingerprint, postedAt }) => {
    const page = notified.get(fingerprint);
    const joined = page !== undefined && ids.has(page.incidentId);
    if (page !== undefined) ids.add(page.incidentId);
    const since = (at: number | null | undefined) =>
      at === null || at === undefined ? null : Math.round(at - postedAt);
    const { pagedAt, hypothesisAt, cause = null, missingEvidence = [] } = page ?? {};
    return { service, joined, pageMs: since(pagedAt), hypothesisMs: since(hypothesisAt), cause, missingEvidence };
  });
  const opened = rows.filter(({ joined }) => !joined);
  const times = opened.map(({ hypothesisMs }) => hypothesisMs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.ceil(times.length * share) - 1] ?? null;
  return {
    incidents: opened.length,
    joined: rows.length - opened.length,
    without: opened.filter(({ hypothesisMs }) => hypothesisMs === null).length,
    namedFirst: opened.filter(({ service, cause }) => cause === service).length,
    withMissingEvidence: opened.filter(({ missingEvidence }) =>
      missingEvidence.some((text) => !text.startsWith('services: ')),
    ).length,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    maxMs: quantile(1),
    hypothesisMs: opened.map(({ hypothesisMs }) => hypothesisMs),
    pageMs: opened.map(({ pageMs }) => pageMs),
    missing: [...new Set(opened.flatMap(({ missingEvidence }) => missingEvidence))].slice(0, 8),
  };
}

if (import.meta.main) await run();
