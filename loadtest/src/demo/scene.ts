/** One play of the demo as a script of requests: history, changes, the storm of alerts, and what goes on while people look. */

import type { FrontDoor } from '../play/front-door.ts';
import { firingAlerts, type ShopAlert } from '../shop/alerts.ts';
import { drawPlot, type FaultKind, type Plot } from '../shop/fault.ts';
import { createRandom, type Random } from '../shop/random.ts';
import { drawShop } from '../shop/topology.ts';
import { playTraffic, type ShopSpan } from '../shop/traffic.ts';
import { alertmanagerWebhook, deployedEvent, logRequest, metricRequest, traceRequest } from '../shop/wire.ts';

const historyMs = 12 * 60_000;
const requestsPerSecond = 6;
const metricStepMs = 15_000;
const spansPerRequest = 4_000;
/** A rule with `for: 1m` fires this long after the harm began. */
const alertDelayMs = 60_000;
const stormSize = 40;
/** Longer than a trace takes to settle (10 s): a system that has been running for a while has settled evidence when its alerts fire. */
const warmUpMs = 12_000;

export interface SceneOptions {
  readonly seed: number;
  readonly nowMs: number;
  /** Null draws the kind. */
  readonly kind: FaultKind | null;
  readonly fault: boolean;
}

export interface Scene {
  readonly plot: Plot;
  readonly alerts: readonly ShopAlert[];
  readonly alertStartMs: number;
  /** Sends the past: telemetry up to now and the changes. Resolves with the number of spans sent. */
  sendHistory(door: FrontDoor): Promise<number>;
  /** How long the shop should go on after its history before the alerts fire. */
  readonly warmUpMs: number;
  /** Posts the alerts as Alertmanager would, a group at a time. */
  sendStorm(door: FrontDoor): Promise<void>;
  /** Sends what the shop does from `fromMs` to `toMs`, the fault still there. */
  sendLive(door: FrontDoor, fromMs: number, toMs: number): Promise<void>;
}

/** Draws the shop, its fault and its traffic from the seed. */
export function createScene(options: SceneOptions): Scene {
  const random = createRandom(options.seed);
  const plot = drawPlot(drawShop(random.fork('shop')), random, options);
  const range = { fromMs: options.nowMs - historyMs, toMs: options.nowMs, perSecond: requestsPerSecond };
  const history = playTraffic(plot, random.fork('traffic'), range);
  const live = random.fork('live');
  return {
    plot,
    alerts: stormOf(plot, history.spans, random.fork('alerts')),
    warmUpMs,
    alertStartMs: plot.fault === null ? options.nowMs - alertDelayMs : plot.fault.onsetMs + alertDelayMs,
    sendHistory: async (door) => {
      for (const change of plot.changes)
        await door.post('/ingest/cloudevents', deployedEvent(change), 'application/cloudevents+json');
      await sendTelemetry(door, history);
      await sendMetrics(door, plot, live, range);
      return history.spans.length;
    },
    sendStorm(door) {
      return sendStorm(door, this.alerts, this.alertStartMs);
    },
    sendLive: async (door, fromMs, toMs) => {
      await sendTelemetry(door, playTraffic(plot, live, { fromMs, toMs, perSecond: requestsPerSecond }));
    },
  };
}

/** The alerts of the team's rules, the loudest first; on a day without a fault, one rule cries wolf. */
function stormOf(plot: Plot, spans: readonly ShopSpan[], random: Random): ShopAlert[] {
  const { fault, shop } = plot;
  if (fault === null) {
    const service = random.pick(shop.services).name;
    return [
      { name: 'ServiceSLOBurnLatency', labels: { service }, summary: 'p95 is above its limit', severity: 'critical' },
    ];
  }
  const before = spans.filter(({ startMs }) => startMs < fault.onsetMs);
  const during = spans.filter(({ startMs }) => startMs >= fault.onsetMs);
  return firingAlerts(before, during).slice(0, stormSize);
}

async function sendTelemetry(door: FrontDoor, telemetry: ReturnType<typeof playTraffic>): Promise<void> {
  for (const spans of chunked(telemetry.spans)) await door.sendTelemetry('traces', traceRequest(spans));
  for (const logs of chunked(telemetry.logs)) await door.sendTelemetry('logs', logRequest(logs));
}

async function sendMetrics(
  door: FrontDoor,
  plot: Plot,
  random: Random,
  range: { fromMs: number; toMs: number },
): Promise<void> {
  for (let atMs = range.fromMs; atMs < range.toMs; atMs += metricStepMs)
    await door.sendTelemetry('metrics', metricRequest(plot.shop, random, atMs));
}

/** Four groups, two seconds apart, as group_interval would spread them. */
async function sendStorm(door: FrontDoor, alerts: readonly ShopAlert[], startMs: number): Promise<void> {
  const groups = 4;
  const size = Math.ceil(alerts.length / groups);
  for (let first = 0; first < alerts.length; first += size) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve, 2_000));
    await door.post('/ingest/alertmanager', alertmanagerWebhook(alerts.slice(first, first + size), startMs));
  }
}

function* chunked<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += spansPerRequest) yield items.slice(first, first + spansPerRequest);
}
