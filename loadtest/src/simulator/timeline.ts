/**
 * Simulates a scenario as an evaluation case: its alerts, and the telemetry that arrives up to a minute after the first
 * alert.
 */

import type { Random } from '../random/random.ts';
import { type BackgroundNoise, drawBackgroundNoise } from './background-noise.ts';
import { customerReport, falseAlerts, noiseAlert } from './false-alert.ts';
import type { Effects } from './fault/effect.ts';
import type { Flow } from './flow/flow.ts';
import type { Dialect } from './metrics/value.ts';
import type { FiredAlert } from './rules/rule.ts';
import { fireAlerts } from './rules/rules.ts';
import { startRun, tracedRate } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { SentLog, SentPoint, SentSpan } from './telemetry/telemetry.ts';

export interface Timeline {
  /** Items that arrive up to `untilMs`. Spans are in order of their end. */
  readonly spans: readonly SentSpan[];
  readonly logs: readonly SentLog[];
  readonly points: readonly SentPoint[];
  readonly alerts: readonly FiredAlert[];
  /** Those of `alerts` that no fault caused, though there is one. */
  readonly noise: ReadonlySet<FiredAlert>;
  /** One minute after the first alert. */
  readonly untilMs: number;
}

/** Spans per case: enough for evidence, few enough to be fast. */
const usualSpans = 24_000;
const tailMs = 60_000;
/** If no rule fires within this time, customers report the fault. */
const maxRuleWaitMs = 600_000;

/** With about so many spans up to the onset. */
export function simulateTimeline(scenario: Scenario, spans = usualSpans): Timeline {
  const { onsetMs } = scenario;
  const random = scenario.random.fork('scene');
  const fromMs = onsetMs - random.int(20, 28) * 60_000;
  const toMs = onsetMs + maxRuleWaitMs;
  const noise = drawBackgroundNoise(random.fork('weather'), { fromMs, onsetMs });
  const { flow, effects, generateTraces, readMetrics } = startRun(scenario, {
    fromMs,
    toMs,
    tracedPerMs: tracedRate(scenario, { spans, inMs: onsetMs - fromMs }),
    tracedOneIn: random.pick([2, 10, 50]),
    loadAt: noise.loadAt,
    metrics: drawMetrics(random.fork('metrics')),
  });
  const sent = { ...generateTraces(toMs), points: readMetrics(toMs) };
  const alerts =
    scenario.faults.length === 0
      ? falseAlerts(scenario, random.fork('alerts'))
      : trueAlerts(scenario, { flow, spans: sent.spans, toMs });
  const untilMs = (alerts[0]?.atMs ?? onsetMs) + tailMs;
  const isNoisy = scenario.faults.length > 0 && random.chance(0.2);
  const extra = isNoisy ? [noiseAlert(scenario, random.fork('noise'), untilMs - random.int(0, 180) * 1000)] : [];
  const visible = [...alerts, ...extra].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
  return {
    ...receivedOnly(sent, { effects, noise, scenario, untilMs }),
    alerts: visible,
    noise: new Set(extra),
    untilMs,
  };
}

function drawMetrics(random: Random): { random: Random; dialect: Dialect; stepMs: number } {
  const dialect = random.pick<Dialect>(['opentelemetry', 'prometheus']);
  return { random, dialect, stepMs: random.pick([30_000, 30_000, 60_000]) };
}

function trueAlerts(
  scenario: Scenario,
  { flow, spans, toMs }: { flow: Flow; spans: readonly SentSpan[]; toMs: number },
): FiredAlert[] {
  const { system, changes, onsetMs } = scenario;
  const random = scenario.random.fork('rules');
  const effects = scenario.faults.flatMap((fault) => fault.effects);
  const fired = fireAlerts({
    system,
    flow,
    changes,
    spans,
    effects,
    random,
    fromMs: onsetMs,
    toMs,
    hasAllRules: false,
  });
  return fired.length > 0 ? fired : [customerReport(scenario, random)];
}

interface Sent {
  readonly spans: readonly SentSpan[];
  readonly logs: readonly SentLog[];
  readonly points: readonly SentPoint[];
}

interface ArrivalContext {
  readonly effects: Effects;
  readonly noise: BackgroundNoise;
  readonly scenario: Scenario;
  readonly untilMs: number;
}

function receivedOnly({ spans, logs, points }: Sent, { effects, noise, scenario, untilMs }: ArrivalContext): Sent {
  const isReceived = (signal: 'traces' | 'logs' | 'metrics', service: string, atMs: number): boolean => {
    if (atMs > untilMs || !noise.arrives(signal, atMs)) return false;
    const known = scenario.system.byName.get(service);
    const [instance] = known?.instances ?? [];
    if (known === undefined || instance === undefined) return true;
    const kind = signal === 'traces' ? 'spans' : signal;
    return !effects
      .at('drop-telemetry', { service: known, instance, atMs })
      .some(({ impairment }) => impairment.signals.includes(kind));
  };
  return {
    spans: spans
      .filter(({ sender, endMs }) => isReceived('traces', sender.service, endMs))
      .sort((a, b) => a.endMs - b.endMs),
    logs: logs.filter(({ sender, atMs }) => isReceived('logs', sender.service, atMs)).sort((a, b) => a.atMs - b.atMs),
    points: points.filter(({ sender, atMs }) => isReceived('metrics', sender.service, atMs)),
  };
}
