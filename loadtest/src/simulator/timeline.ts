/** Plays a plot as a case: what arrives of it up to a minute after its first alert, and the alerts. */

import type { Effects } from './fault/effect.ts';
import { complaint, falseAlerts, noiseAlert } from './false-alert.ts';
import type { Flow } from './flow/flow.ts';
import type { Dialect } from './metrics/value.ts';
import { perform, tracedRate } from './run.ts';
import type { Plot } from './scenario.ts';
import type { Random } from '../random/random.ts';
import type { FiredAlert } from './rules/rule.ts';
import { fireAlerts } from './rules/rules.ts';
import type { SentLog, SentPoint, SentSpan } from './telemetry/telemetry.ts';
import { drawWeather, type Weather } from './background-noise.ts';

export interface Scene {
  /** What arrives, in the order in which it ended, up to `untilMs`. */
  readonly spans: readonly SentSpan[];
  readonly logs: readonly SentLog[];
  readonly points: readonly SentPoint[];
  readonly alerts: readonly FiredAlert[];
  /** A minute after the first alert. */
  readonly untilMs: number;
}

/** About so many spans a case: enough to tell, few enough to be quick. */
const spanBudget = 24_000;
const tailMs = 60_000;
/** Rules that have not fired by then never do; then customers complain. */
const patienceMs = 600_000;

export function playPlot(plot: Plot): Scene {
  const { onsetMs } = plot;
  const random = plot.random.fork('scene');
  const fromMs = onsetMs - random.int(20, 28) * 60_000;
  const toMs = onsetMs + patienceMs;
  const weather = drawWeather(random.fork('weather'), { fromMs, onsetMs });
  const { flow, effects, walkTo, readTo } = perform(plot, {
    fromMs,
    toMs,
    tracedPerMs: tracedRate(plot, { spans: spanBudget, inMs: onsetMs - fromMs }),
    tracedOneIn: random.pick([2, 10, 50]),
    loadAt: weather.loadAt,
    metrics: drawMetrics(random.fork('metrics')),
  });
  const drawn = { ...walkTo(toMs), points: readTo(toMs) };
  const alerts =
    plot.stories.length === 0
      ? falseAlerts(plot, random.fork('alerts'))
      : trueAlerts(plot, { flow, spans: drawn.spans, toMs });
  const untilMs = (alerts[0]?.atMs ?? onsetMs) + tailMs;
  const isNoisy = plot.stories.length > 0 && random.chance(0.2);
  const noise = isNoisy ? [noiseAlert(plot, random.fork('noise'), untilMs - random.int(0, 180) * 1000)] : [];
  const seen = [...alerts, ...noise].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
  return { ...arrivals(drawn, { effects, weather, plot, untilMs }), alerts: seen, untilMs };
}

function drawMetrics(random: Random): { random: Random; dialect: Dialect; stepMs: number } {
  const dialect = random.pick<Dialect>(['opentelemetry', 'prometheus']);
  return { random, dialect, stepMs: random.pick([30_000, 30_000, 60_000]) };
}

function trueAlerts(
  plot: Plot,
  { flow, spans, toMs }: { flow: Flow; spans: readonly SentSpan[]; toMs: number },
): FiredAlert[] {
  const { system, changes, onsetMs } = plot;
  const random = plot.random.fork('rules');
  const effects = plot.stories.flatMap((story) => story.effects);
  const fired = fireAlerts({ system, flow, changes, spans, effects, random, fromMs: onsetMs, toMs, isThorough: false });
  return fired.length > 0 ? fired : [complaint(plot, random)];
}

interface Sent {
  readonly spans: readonly SentSpan[];
  readonly logs: readonly SentLog[];
  readonly points: readonly SentPoint[];
}

interface Arriving {
  readonly effects: Effects;
  readonly weather: Weather;
  readonly plot: Plot;
  readonly untilMs: number;
}

function arrivals({ spans, logs, points }: Sent, { effects, weather, plot, untilMs }: Arriving): Sent {
  const isHeard = (signal: 'traces' | 'logs' | 'metrics', service: string, atMs: number): boolean => {
    if (atMs > untilMs || !weather.arrives(signal, service, atMs)) return false;
    const known = plot.system.byName.get(service);
    const [instance] = known?.instances ?? [];
    if (known === undefined || instance === undefined) return true;
    const kind = signal === 'traces' ? 'spans' : signal;
    return !effects
      .at('mute', { service: known, instance, atMs })
      .some(({ physics }) => physics.signals.includes(kind));
  };
  return {
    spans: spans
      .filter(({ sender, endMs }) => isHeard('traces', sender.service, endMs))
      .sort((a, b) => a.endMs - b.endMs),
    logs: logs.filter(({ sender, atMs }) => isHeard('logs', sender.service, atMs)).sort((a, b) => a.atMs - b.atMs),
    points: points.filter(({ sender, atMs }) => isHeard('metrics', sender.service, atMs)),
  };
}
