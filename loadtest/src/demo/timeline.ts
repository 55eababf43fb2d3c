/** One demo as a script of requests: history, changes, alerts, and telemetry that continues after them. */
import type { FaultlineClient } from '../client/client.ts';
import { falseAlerts } from '../simulator/false-alert.ts';
import type { FiredAlert } from '../simulator/rules/rule.ts';
import { fireAlerts } from '../simulator/rules/rules.ts';
import { type ScenarioRun, startRun, tracedRate } from '../simulator/run.ts';
import { drawScenario, type Scenario } from '../simulator/scenario.ts';
import { alertmanagerWebhook } from '../simulator/wire/alertmanager.ts';
import { changeRequest } from '../simulator/wire/changes.ts';
import { logRequests, metricRequests, traceRequests } from '../simulator/wire/otlp.ts';

const minute = 60_000;
const historyMs = 12 * minute;
const spansOfHistory = 50_000;
/** Length of the simulation after the onset. Later telemetry repeats its last frame. */
const simulatedMs = 20 * minute;
/** How long the alert rules run after the onset. */
const rulesMs = 4 * minute;
/** Alerts that fire within this time of the first one belong to the demo: by then all waiting callers have fired. */
const alertsMs = 90_000;
const maxAlerts = 40;
/** Longer than the recorder waits for the rest of a trace (10 s), so that the evidence is settled when the alerts fire. */
const warmUpMs = 12_000;

/** Families with immediate impact, so that many alerts follow. */
const demoFamilies = ['migration', 'latency', 'error', 'network', 'external'] as const;
export type DemoFamily = (typeof demoFamilies)[number] | 'false-alert';

interface DemoTimelineOptions {
  readonly seed: number;
  readonly nowMs: number;
  /** Null: the seed decides. */
  readonly family: DemoFamily | null;
}

export interface DemoTimeline {
  readonly scenario: Scenario;
  readonly alerts: readonly FiredAlert[];
  /** Sends the changes and the telemetry up to now. Resolves with the number of spans sent. */
  sendHistory(client: FaultlineClient): Promise<number>;
  /** How long to send live telemetry before the alerts. */
  readonly warmUpMs: number;
  /** Posts the alerts as Alertmanager does, one group at a time. */
  sendAlerts(client: FaultlineClient): Promise<void>;
  /** Sends the telemetry up to `toMs` that was not sent yet. The fault continues. */
  sendLive(client: FaultlineClient, toMs: number): Promise<void>;
}

export function createTimeline({ seed, nowMs, family }: DemoTimelineOptions): DemoTimeline {
  const scenario = drawScenario(seed, family ?? demoFamilies[seed % demoFamilies.length]);
  const fired = alertsOf(scenario);
  const endMs = (fired[0]?.atMs ?? scenario.onsetMs) + alertsMs;
  const alerts = fired.filter(({ atMs }) => atMs <= endMs).slice(0, maxAlerts);
  const shiftMs = nowMs - endMs;
  const run = start(scenario, scenario.onsetMs + simulatedMs);
  return {
    scenario,
    warmUpMs,
    alerts,
    sendHistory: async (client) => {
      for (const change of scenario.changes) {
        const { path, contentType, body } = changeRequest(change, shiftMs);
        await client.post(path, body, contentType);
      }
      return sendTelemetry(client, run, { toMs: endMs, shiftMs });
    },
    sendAlerts: (client) => sendAlerts(client, alerts, shiftMs),
    sendLive: async (client, toMs) => {
      await sendTelemetry(client, run, { toMs: toMs - shiftMs, shiftMs });
    },
  };
}

function start(scenario: Scenario, toMs: number): ScenarioRun {
  return startRun(scenario, {
    fromMs: scenario.onsetMs - historyMs,
    toMs,
    tracedPerMs: tracedRate(scenario, { spans: spansOfHistory, inMs: historyMs }),
    tracedOneIn: 10,
    loadAt: () => 0.8,
    metrics: { random: scenario.random.fork('metrics'), dialect: 'opentelemetry', stepMs: 15_000 },
  });
}

/** Runs the rules on a run of their own, because they need spans that are sent later. */
function alertsOf(scenario: Scenario): FiredAlert[] {
  const { system, changes, onsetMs, faults } = scenario;
  if (faults.length === 0) return falseAlerts(scenario, scenario.random.fork('alerts'));
  const toMs = onsetMs + rulesMs;
  const { flow, generateTraces } = start(scenario, toMs);
  const effects = faults.flatMap((fault) => fault.effects);
  const random = scenario.random.fork('rules');
  const { spans } = generateTraces(toMs);
  return fireAlerts({ system, flow, changes, effects, random, spans, fromMs: onsetMs, toMs, hasAllRules: true });
}

async function sendTelemetry(
  client: FaultlineClient,
  run: ScenarioRun,
  { toMs, shiftMs }: { toMs: number; shiftMs: number },
): Promise<number> {
  const { spans, logs } = run.generateTraces(toMs);
  for (const request of traceRequests(spans, shiftMs)) await client.sendTelemetry('traces', request);
  for (const request of logRequests(logs, shiftMs)) await client.sendTelemetry('logs', request);
  for (const request of metricRequests(run.readMetrics(toMs), shiftMs)) await client.sendTelemetry('metrics', request);
  return spans.length;
}

/** Four groups, two seconds apart, as Alertmanager's `group_interval` spreads them. */
async function sendAlerts(client: FaultlineClient, alerts: readonly FiredAlert[], shiftMs: number): Promise<void> {
  const groups = 4;
  const size = Math.ceil(alerts.length / groups);
  for (let first = 0; first < alerts.length; first += size) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (const alert of alerts.slice(first, first + size))
      await client.post('/ingest/alertmanager', alertmanagerWebhook(alert, 'firing', shiftMs));
  }
}
