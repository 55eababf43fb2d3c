/** One play of the demo as a script of requests: history, changes, the storm of alerts, and what goes on while people look. */
import { falseAlerts } from '../simulator/false-alert.ts';
import { postsOf } from '../simulator/generated.ts';
import { type Performance, perform, tracedRate } from '../simulator/run.ts';
import { drawPlot, type Plot } from '../simulator/scenario.ts';
import type { FiredAlert } from '../simulator/rules/rule.ts';
import { fireAlerts } from '../simulator/rules/rules.ts';
import { alertmanagerWebhook, logRequests, metricRequests, traceRequests } from '../simulator/wire.ts';
import type { FrontDoor } from '../client/client.ts';

const minute = 60_000;
const historyMs = 12 * minute;
const spansOfHistory = 50_000;
/** The demo's shop changes for so long after its harm; later it stays as it is then. */
const lastsMs = 20 * minute;
/** How long rules are watched after the harm began. */
const watchMs = 4 * minute;
/** By then the first alert has been followed by those of everybody who waits. */
const stormMs = 90_000;
const stormSize = 40;
/** Longer than a trace takes to settle (10 s): a system that has been running for a while has settled evidence when its alerts fire. */
const warmUpMs = 12_000;

/** What the demo plays: faults that hurt at once, so that a storm follows. */
export const demoFamilies = ['migration', 'latency', 'error', 'network', 'external'] as const;
export type DemoFamily = (typeof demoFamilies)[number] | 'false-alert';

export interface SceneOptions {
  readonly seed: number;
  readonly nowMs: number;
  /** Null draws it. */
  readonly family: DemoFamily | null;
}

export interface Scene {
  readonly plot: Plot;
  readonly alerts: readonly FiredAlert[];
  /** Sends the past: telemetry up to now and the changes. Resolves with the number of spans sent. */
  sendHistory(door: FrontDoor): Promise<number>;
  /** How long the shop should go on after its history before the alerts fire. */
  readonly warmUpMs: number;
  /** Posts the alerts as Alertmanager would, a group at a time. */
  sendStorm(door: FrontDoor): Promise<void>;
  /** Sends what the shop does up to `toMs` and has not been sent, the fault still there. */
  sendLive(door: FrontDoor, toMs: number): Promise<void>;
}

/** Draws the shop, its fault and its traffic from the seed. */
export function createScene({ seed, nowMs, family }: SceneOptions): Scene {
  const plot = drawPlot(seed, family ?? demoFamilies[seed % demoFamilies.length]);
  const alerts = watchRules(plot);
  const endMs = (alerts[0]?.atMs ?? plot.onsetMs) + stormMs;
  const shiftMs = nowMs - endMs;
  const play = start(plot, plot.onsetMs + lastsMs);
  return {
    plot,
    warmUpMs,
    alerts: alerts.filter(({ atMs }) => atMs <= endMs).slice(0, stormSize),
    sendHistory: async (door) => {
      for (const { path, contentType, body } of postsOf(plot.changes, shiftMs))
        await door.post(path, body, contentType);
      return send(door, play, { toMs: endMs, shiftMs });
    },
    sendStorm(door) {
      return sendStorm(door, this.alerts, shiftMs);
    },
    sendLive: async (door, toMs) => {
      await send(door, play, { toMs: toMs - shiftMs, shiftMs });
    },
  };
}

function start(plot: Plot, toMs: number): Performance {
  const fromMs = plot.onsetMs - historyMs;
  return perform(plot, {
    fromMs,
    toMs,
    tracedPerMs: tracedRate(plot, { spans: spansOfHistory, inMs: historyMs }),
    tracedOneIn: 10,
    loadAt: () => 0.8,
    metrics: { random: plot.random.fork('metrics'), dialect: 'opentelemetry', stepMs: 15_000 },
  });
}

/** What fires: on a play of its own, as rules look back and ahead of what is sent. */
function watchRules(plot: Plot): FiredAlert[] {
  const { system, changes, onsetMs } = plot;
  if (plot.stories.length === 0) return falseAlerts(plot, plot.random.fork('alerts'));
  const toMs = onsetMs + watchMs;
  const { flow, walkTo } = start(plot, toMs);
  const effects = plot.stories.flatMap((story) => story.effects);
  const random = plot.random.fork('rules');
  return fireAlerts({
    system,
    flow,
    changes,
    effects,
    random,
    spans: walkTo(toMs).spans,
    fromMs: onsetMs,
    toMs,
    isThorough: true,
  });
}

async function send(
  door: FrontDoor,
  play: Performance,
  { toMs, shiftMs }: { toMs: number; shiftMs: number },
): Promise<number> {
  const { spans, logs } = play.walkTo(toMs);
  for (const request of traceRequests(spans, shiftMs)) await door.sendTelemetry('traces', request);
  for (const request of logRequests(logs, shiftMs)) await door.sendTelemetry('logs', request);
  for (const request of metricRequests(play.readTo(toMs), shiftMs)) await door.sendTelemetry('metrics', request);
  return spans.length;
}

/** Four groups, two seconds apart, as group_interval would spread them. */
async function sendStorm(door: FrontDoor, alerts: readonly FiredAlert[], shiftMs: number): Promise<void> {
  const groups = 4;
  const size = Math.ceil(alerts.length / groups);
  for (let first = 0; first < alerts.length; first += size) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (const alert of alerts.slice(first, first + size))
      await door.post('/ingest/alertmanager', alertmanagerWebhook(alert, 'firing', shiftMs));
  }
}
