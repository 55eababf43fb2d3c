/**
 * `npm run bench -- alert-latency [--alerts N] [--load SPANS_PER_SECOND]`: how long an alert takes to its answer, to its page at a webhook, and
 * to a watch. Alone, and beside 600 watches, 20 heavy queries in flight, spans, and the largest requests that a collector may send: each by
 * itself, then all together. Watches may lag, pages may not. Faultline and the senders are separate processes, but share the machine: compare
 * lines of one run. Prints one JSON line.
 */
import { rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { anyPort } from '../client/any-port.ts';
import { measureAlerts } from '../latency/alerts.ts';
import { startLargeRequests } from '../latency/large-requests.ts';
import { type PageReceiver, receivePages } from '../latency/pages.ts';
import { quantilesOf } from '../latency/quantiles.ts';
import { startReaders } from '../latency/readers.ts';
import { type RevisionWatch, watchRevisions } from '../latency/revisions.ts';
import { startSpans } from '../load/spans.ts';
import { fillFolder, scopeName, system } from '../load/under-load.ts';
import { type SoakedFaultline, startSoaked } from '../soak/faultline.ts';

const filled = { filledMs: 60 * 60_000, farPastMs: 0 };
const alertEveryMs = 250;
const settleMs = 5_000;
const watches = 600;
const heavyQueries = 20;

/** Starts a load. Returns the function that ends it. */
type Load = (faultline: SoakedFaultline) => Promise<() => void>;

export async function run(): Promise<Record<string, unknown>> {
  const { alerts, load } = parseArgs({
    args: process.argv.slice(3),
    options: { alerts: { type: 'string', default: '100' }, load: { type: 'string', default: '5000' } },
  }).values;
  const { folder, folders } = await fillFolder(filled);
  const query = { ...anyPort.query, maxWatchers: 2 * watches, maxWatchersPerTenant: 2 * watches };
  // Alerts of different incidents fire at once here, so closeness in time alone must not group them.
  const correlator = { stormGapMs: 1, maxOpenedPerMinute: 0 };
  const pages = await receivePages();
  const config = { ...anyPort, ...folders, query, correlator, ...pages.config, log: { level: 'error' } };
  const faultline = await startSoaked({ storeFolder: folders.store.folder, config });
  try {
    const watch = await watchRevisions(faultline.http, scopeName);
    const phases = await measurePhases({ faultline, watch, pages, count: Number(alerts), load: Number(load) });
    const line = { ...phases, loadAverage: loadavg(), processors: availableParallelism() };
    console.log(JSON.stringify(line));
    watch.stop();
    pages.stop();
    return line;
  } finally {
    await faultline.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measuring {
  readonly faultline: SoakedFaultline;
  readonly watch: RevisionWatch;
  readonly pages: PageReceiver;
  readonly count: number;
  readonly load: number;
}

async function measurePhases(measuring: Measuring): Promise<Record<string, unknown>> {
  const loads = loadsOf(measuring.load);
  const phases: readonly (readonly [string, readonly Load[]])[] = [
    ['warmUp', []],
    ['alone', []],
    ...Object.entries(loads).map(([name, one]) => [name, [one]] as const),
    ['all', Object.values(loads)],
    ['aloneAgain', []],
  ];
  const results: Record<string, unknown> = {};
  for (const [name, started] of phases) {
    results[name] = await measurePhase(measuring, name, started);
    console.error(JSON.stringify({ [name]: results[name] }));
  }
  return results;
}

function loadsOf(spansPerSecond: number): Readonly<Record<string, Load>> {
  const { services } = system;
  return {
    watches: ({ http }) => startReaders({ http, tenant: scopeName, services, watches, queries: 0 }),
    queries: ({ http }) => startReaders({ http, tenant: scopeName, services, watches: 0, queries: heavyQueries }),
    spans: async ({ otlp }) => {
      const url = `${otlp}/v1/traces`;
      const spans = startSpans({ url, tenant: scopeName, shape: system, spansPerSecond });
      return () => spans.stop();
    },
    largeRequests: async ({ otlp }) => startLargeRequests(`${otlp}/v1/traces`, scopeName),
  };
}

async function measurePhase(
  { faultline, watch, pages, count }: Measuring,
  phase: string,
  loads: readonly Load[],
): Promise<Record<string, unknown>> {
  const ends: (() => void)[] = [];
  for (const load of loads) ends.push(await load(faultline));
  await delay(settleMs);
  const { http } = faultline;
  const { services } = system;
  const times = await measureAlerts({
    http,
    tenant: scopeName,
    services,
    count,
    everyMs: alertEveryMs,
    pagedAt: pages.seenAt,
    watchedAt: watch.seenAt,
    phase,
  });
  for (const end of ends) end();
  await delay(settleMs);
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, quantilesOf(values)]));
}

if (import.meta.main) await run();
