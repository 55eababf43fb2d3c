/**
 * `npm run bench -- storm [--alerts N] [--senders N] [--alone]`: a storm of alerts by the API of Alertmanager, on a complete Faultline and on
 * Debian's Alertmanager, which take the same requests at the same time. `--alone` leaves the Alertmanager out. Meanwhile, probes open
 * incidents of their own. Prints one JSON line: answers of both, the time until the API shows each probe's incident, and the ledger.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Sender, startAlertmanager } from '@faultline/servers';
import { anyPort } from '../client/any-port.ts';
import { createClient, type FaultlineClient } from '../client/client.ts';
import { startSoaked } from '../soak/faultline.ts';
import { alertsPerRequest, probeAlert, probeService, quantile, stormBatch } from '../storm/batches.ts';
import { inParallel, postAlerts, type Sent } from '../storm/senders.ts';

const probeEveryMs = 3_000;
const probePatienceMs = 60_000;
const settleMs = 300_000;

export async function run(): Promise<Record<string, unknown>> {
  const { alerts, senders, alone } = parseArgs({
    args: process.argv.slice(3),
    options: {
      alerts: { type: 'string', default: '100000' },
      senders: { type: 'string', default: '4' },
      alone: { type: 'boolean', default: false },
    },
  }).values;
  const folder = mkdtempSync(join(tmpdir(), 'faultline-storm-'));
  const folders = { bus: { folder: join(folder, 'bus') }, store: { folder: join(folder, 'store') } };
  const config = { ...anyPort, ...folders, log: { level: 'error' } };
  const alertmanager = alone ? null : await startAlertmanager();
  const faultline = await startSoaked({ storeFolder: folders.store.folder, config });
  try {
    const line = await storm({ http: faultline.http, alertmanager, total: Number(alerts), senders: Number(senders) });
    console.log(JSON.stringify(line));
    return line;
  } finally {
    await faultline.stop();
    await alertmanager?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface StormOptions {
  readonly http: string;
  readonly alertmanager: Sender | null;
  readonly total: number;
  readonly senders: number;
}

async function storm({ http, alertmanager, total, senders }: StormOptions) {
  const client = createClient({ http, otlp: null, tenant: 'default' });
  const ours: Sent = { latenciesMs: [], refused: 0 };
  const theirs: Sent = { latenciesMs: [], refused: 0 };
  const over = new AbortController();
  const probing = probe(http, client, over.signal);
  const startedAt = performance.now();
  await inParallel(Math.ceil(total / alertsPerRequest), senders, async (index) => {
    const batch = stormBatch(index, total, Date.now());
    await Promise.all([
      postAlerts(`${http}/api/v2/alerts`, batch, ours),
      alertmanager === null ? null : postAlerts(`${alertmanager.url}/api/v2/alerts`, batch, theirs),
    ]);
  });
  const tookMs = performance.now() - startedAt;
  over.abort();
  const probes = await probing;
  const ledger = await settled(client, total + probes.length);
  return {
    alerts: total,
    senders,
    alertsPerSecond: Math.round((total * 1000) / tookMs),
    faultline: answersOf(ours),
    alertmanager: alertmanager === null ? null : { ...answersOf(theirs), held: await heldBy(alertmanager) },
    probesVisibleMs: probes.map(Math.round),
    ledger,
    loadAverage: loadavg(),
    processors: availableParallelism(),
  };
}

function answersOf({ latenciesMs, refused }: Sent) {
  const at = (share: number) => Math.round(quantile(latenciesMs, share) * 10) / 10;
  return { requests: latenciesMs.length, refused, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
}

/** Sends a probe every few seconds. Returns how long each took from its sending to its incident in the API, ms. */
async function probe(http: string, client: FaultlineClient, signal: AbortSignal): Promise<number[]> {
  const visibleMs: number[] = [];
  for (let number = 0; !signal.aborted; number++) {
    await delay(probeEveryMs, undefined, { signal }).catch(() => undefined);
    const sentAt = performance.now();
    await postAlerts(`${http}/api/v2/alerts`, [probeAlert(number, Date.now())], { latenciesMs: [], refused: 0 });
    while (!(await isVisible(client, probeService(number)))) {
      if (performance.now() - sentAt > probePatienceMs) return [...visibleMs, Number.POSITIVE_INFINITY];
      await delay(20);
    }
    visibleMs.push(performance.now() - sentAt);
  }
  return visibleMs;
}

async function isVisible(client: FaultlineClient, service: string): Promise<boolean> {
  const { incidents } = await client.get<{ incidents: readonly unknown[] }>(`/api/v1/incidents?service=${service}`);
  return incidents.length > 0;
}

type LedgerRow = Readonly<Record<string, number>>;

/** Waits until every alert has an outcome. `lost` is what the senders sent and the ledger does not know. */
async function settled(client: FaultlineClient, sent: number) {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const { sources } = await client.get<{ sources: readonly LedgerRow[] }>('/api/v1/ledger');
    const [row = {}] = sources;
    const { accepted = 0, pending = 0, inIncidents = 0, duplicates = 0, suppressed = 0, deadLettered = 0 } = row;
    const balance = accepted - (inIncidents + duplicates + suppressed + deadLettered + pending);
    if ((accepted >= sent && pending === 0 && balance === 0) || performance.now() > deadline)
      return { accepted, inIncidents, duplicates, suppressed, deadLettered, pending, balance, lost: sent - accepted };
    await delay(1_000);
  }
}

async function heldBy({ url }: Sender): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('alertmanager_alerts{'));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

if (import.meta.main) await run();
