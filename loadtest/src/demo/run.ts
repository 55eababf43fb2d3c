/** Starts Faultline, plays a scene, watches the incident and says what was seen. */
import { setTimeout as delay } from 'node:timers/promises';
import { loadAppConfig, startApp } from '@faultline/all';
import { createFrontDoor, type FrontDoor } from '../client/client.ts';
import { createScene, type DemoFamily, type Scene } from './timeline.ts';
import { checkPlay, type Seen, type SeenIncident } from './verdict.ts';

export interface DemoOptions {
  readonly seed: number;
  /** Null draws it. */
  readonly family: DemoFamily | null;
  /** End when the verdict is settled, with code 0 if every check holds; otherwise stay up until a signal. */
  readonly exit: boolean;
  readonly folder: string;
  /** Extra configuration, as in the file: tests take free ports. */
  readonly config?: object;
  readonly print?: (line: string) => void;
}

const tenant = 'default';
const patienceMs = 90_000;
const pollMs = 100;
const liveStepMs = 1_000;

/** Resolves with the exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const print = options.print ?? ((line) => console.info(line));
  const app = await startApp(loadAppConfig({ overrides: demoConfig(options) }));
  const { http, otlpHttp } = app.value.addresses;
  const door = createFrontDoor({ http, otlp: otlpHttp, tenant });
  const life = new AbortController();
  try {
    print(`Faultline is up. Console: ${http}/`);
    const scene = createScene({ ...options, nowMs: Date.now() });
    print(describeScene(scene));
    print(`sent ${await scene.sendHistory(door)} spans of history, and ${scene.plot.changes.length} releases`);
    const live = keepLive(scene, door, life.signal);
    await delay(scene.warmUpMs);
    const seen = await watchStorm(scene, door, print);
    const failed = report(scene, seen, print);
    if (!options.exit) await stayUp(http, print);
    life.abort();
    await live;
    return failed;
  } finally {
    life.abort();
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

function describeScene({ plot, alerts }: Scene): string {
  const { stories, system, family } = plot;
  const culprits = stories.flatMap(({ services }) => services).join(' or ');
  const told = stories.length === 0 ? 'nothing is wrong; one rule cries wolf' : `${family} at ${culprits}`;
  return `A shop of ${system.services.length} services. The truth, which Faultline is not told: ${told}. ${alerts.length} alerts will fire.`;
}

/** The shop goes on while people look at the page. */
async function keepLive(scene: Scene, door: FrontDoor, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(liveStepMs, undefined, { signal }).catch(() => undefined);
    await scene.sendLive(door, Date.now());
  }
}

async function watchStorm(scene: Scene, door: FrontDoor, print: (line: string) => void): Promise<Seen> {
  const startedAt = Date.now();
  print('the first alert fires');
  const storm = scene.sendStorm(door);
  let firstHypothesisMs: number | null = null;
  let seen: readonly OpenIncident[] = [];
  while (Date.now() - startedAt < patienceMs) {
    seen = await openIncidents(door);
    if (firstHypothesisMs === null && (seen[0]?.hypotheses.length ?? 0) > 0) {
      firstHypothesisMs = Date.now() - startedAt;
      print(`first hypothesis ${firstHypothesisMs} ms after the first alert`);
    }
    if (seen.length > 0 && seen.every(({ evidenceState }) => evidenceState === 'settled')) break;
    await delay(pollMs);
  }
  await storm;
  return { incidents: await openIncidents(door), firstHypothesisMs, alertsSent: scene.alerts.length };
}

type OpenIncident = SeenIncident & { readonly evidenceState: string };

async function openIncidents(door: FrontDoor): Promise<readonly OpenIncident[]> {
  const { incidents = [] } = await door.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
  return Promise.all(incidents.map(({ id }) => door.get<OpenIncident>(`/api/v1/incidents/${id}`)));
}

function report(scene: Scene, seen: Seen, print: (line: string) => void): number {
  const checks = checkPlay(scene.plot, seen);
  for (const { name, ok, detail } of checks) print(`${ok ? 'yes' : 'NO '}  ${name}: ${detail}`);
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

async function stayUp(http: string, print: (line: string) => void): Promise<void> {
  print(`The console stays at ${http}/ until Ctrl-C.`);
  await new Promise((resolve) => process.once('SIGINT', resolve));
}
