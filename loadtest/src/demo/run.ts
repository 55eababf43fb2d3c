/** Starts Faultline, sends it a scenario, waits for the incident, and checks it. */
import { setTimeout as delay } from 'node:timers/promises';
import { loadAppConfig, startApp } from '@faultline/all';
import { createClient, type FaultlineClient } from '../client/client.ts';
import { type Check, checkDemo, type IncidentJson, type Observed } from './checks.ts';
import { createTimeline, type DemoFamily, type DemoTimeline } from './timeline.ts';

interface DemoOptions {
  readonly seed: number;
  /** Null: the seed decides. */
  readonly family: DemoFamily | null;
  /** True: end after the checks. False: keep running until SIGINT. */
  readonly exit: boolean;
  readonly folder: string;
  /** Configuration that overrides the demo's, in the shape of the file. Tests take free ports. */
  readonly config?: object;
  readonly print?: (line: string) => void;
}

const tenant = 'default';
const settleTimeoutMs = 90_000;
const pollMs = 100;
const liveStepMs = 1_000;

/** Resolves with the exit code: 1 where the incidents, their alerts or the cause are wrong. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const print = options.print ?? ((line) => console.info(line));
  const app = await startApp(loadAppConfig({ overrides: demoConfig(options) }));
  const { http, otlpHttp } = app.value.addresses;
  const client = createClient({ http, otlp: otlpHttp, tenant });
  const abort = new AbortController();
  try {
    print(`Faultline is up. Console: ${http}/`);
    const timeline = createTimeline({ ...options, nowMs: Date.now() });
    print(describe(timeline));
    print(`Sent ${await timeline.sendHistory(client)} spans of history.`);
    const live = keepSending(timeline, client, abort.signal);
    await delay(timeline.warmUpMs);
    const checks = checkDemo(timeline.scenario, await observe(timeline, client, print));
    for (const check of checks) print(formatCheck(check));
    if (!options.exit) await untilInterrupted(http, print);
    abort.abort();
    await live;
    return exitCodeOf(checks);
  } finally {
    abort.abort();
    await app.stop();
  }
}

function demoConfig(options: DemoOptions): object {
  return {
    bus: { folder: `${options.folder}/log` },
    store: { folder: `${options.folder}/store` },
    notifier: { channels: [{ type: 'console', name: 'terminal' }] },
    log: { level: 'error' },
    ...options.config,
  };
}

function describe({ scenario, alerts }: DemoTimeline): string {
  const { faults, system, family, changes } = scenario;
  const atFault = faults.flatMap(({ services }) => services).join(' or ');
  const truth = faults.length === 0 ? 'no fault, one false alert' : `a fault of kind "${family}" at ${atFault}`;
  return `The shop has ${system.services.length} services. Faultline does not know the truth: ${truth}. It gets ${counted(changes.length, 'change')} and ${counted(alerts.length, 'alert')}.`;
}

/** Telemetry continues while people look at the page. */
async function keepSending(timeline: DemoTimeline, client: FaultlineClient, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(liveStepMs, undefined, { signal }).catch(() => undefined);
    await timeline.sendLive(client, Date.now());
  }
}

async function observe(
  timeline: DemoTimeline,
  client: FaultlineClient,
  print: (line: string) => void,
): Promise<Observed> {
  const startedAt = Date.now();
  print('The first alert fires.');
  const alerts = timeline.sendAlerts(client);
  let firstHypothesisMs: number | null = null;
  while (Date.now() - startedAt < settleTimeoutMs) {
    const incidents = await readIncidents(client);
    if ((incidents[0]?.hypotheses.length ?? 0) > 0) firstHypothesisMs ??= Date.now() - startedAt;
    if (incidents.length > 0 && incidents.every(({ evidenceState }) => evidenceState === 'settled')) break;
    await delay(pollMs);
  }
  await alerts;
  return { incidents: await readIncidents(client), firstHypothesisMs, alertsSent: timeline.alerts.length };
}

type OpenIncident = IncidentJson & { readonly evidenceState: string };

async function readIncidents(client: FaultlineClient): Promise<readonly OpenIncident[]> {
  const { incidents = [] } = await client.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
  return Promise.all(incidents.map(({ id }) => client.get<OpenIncident>(`/api/v1/incidents/${id}`)));
}

export function formatCheck({ name, ok, detail, isRequired }: Check): string {
  const state = ok ? 'ok' : isRequired ? 'WRONG' : 'missed';
  return `${state.padEnd(6)}  ${name}: ${detail}`;
}

export function exitCodeOf(checks: readonly Check[]): number {
  return checks.every(({ ok, isRequired }) => ok || !isRequired) ? 0 : 1;
}

async function untilInterrupted(http: string, print: (line: string) => void): Promise<void> {
  print(`The console stays at ${http}/ until Ctrl-C.`);
  await new Promise((resolve) => process.once('SIGINT', resolve));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
