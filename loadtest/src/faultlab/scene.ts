/** Plays a plot: the flow, the requests drawn from it, the metrics read off it, and the alerts that fire. */
import type { Random } from '../shop/random.ts';
import { type Effects, indexEffects } from './effect.ts';
import { type Flow, simulateFlow } from './flow.ts';
import { type Dialect, readMetrics } from './metrics.ts';
import type { Plot } from './plot.ts';
import { type FiredAlert, fireAlerts } from './rules.ts';
import { callsPerRequest } from './system.ts';
import type { SentLog, SentPoint, SentSpan } from './telemetry.ts';
import { walkRequest } from './walk.ts';
import { drawWeather, type Weather } from './weather.ts';

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
  const { system, onsetMs } = plot;
  const random = plot.random.fork('scene');
  const fromMs = onsetMs - random.int(20, 28) * 60_000;
  const toMs = onsetMs + patienceMs;
  const own = plot.stories.flatMap((story) => story.effects);
  const effects = indexEffects([...own, ...plot.distractions], system);
  const weather = drawWeather(random.fork('weather'), { fromMs, onsetMs });
  const tracedPerMs = tracedRate(plot, onsetMs - fromMs);
  const usualPerMs = tracedPerMs * random.pick([2, 10, 50]);
  const flow = simulateFlow({
    system,
    effects,
    usualPerMs,
    fromMs,
    toMs,
    requestsPerMs: (atMs) => usualPerMs * weather.loadAt(atMs),
  });
  const drawn = walkAll(plot, { effects, flow, fromMs, toMs, tracedShare: tracedPerMs / usualPerMs });
  const alerts =
    plot.stories.length === 0
      ? falseAlerts(plot, random.fork('alerts'))
      : trueAlerts(plot, { flow, spans: drawn.spans, toMs });
  const untilMs = (alerts[0]?.atMs ?? onsetMs) + tailMs;
  const arrived = arrivals(
    { ...drawn, points: allPoints(plot, flow, random.fork('metrics')) },
    { effects, weather, plot, untilMs },
  );
  const noise =
    plot.stories.length > 0 && random.chance(0.2)
      ? [noiseAlert(plot, random.fork('noise'), untilMs - random.int(0, 180) * 1000)]
      : [];
  const seen = [...alerts, ...noise].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
  return { ...arrived, alerts: seen, untilMs };
}

/** Traced requests a ms. */
function tracedRate({ system }: Plot, historyMs: number): number {
  const calls = [...callsPerRequest(system).values()].reduce((sum, count) => sum + count, 0);
  return Math.min(8 / 1000, spanBudget / (2 * calls) / historyMs);
}

interface Playing {
  readonly effects: Effects;
  readonly flow: Flow;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tracedShare: number;
}

function walkAll(
  plot: Plot,
  { effects, flow, fromMs, toMs, tracedShare }: Playing,
): { spans: SentSpan[]; logs: SentLog[] } {
  const spans: SentSpan[] = [];
  const logs: SentLog[] = [];
  const random = plot.random.fork('requests');
  const { system, changes } = plot;
  const options = {
    system,
    effects,
    flow,
    changes,
    random,
    emitSpan: (span: SentSpan) => spans.push(span),
    emitLog: (log: SentLog) => logs.push(log),
  };
  let atMs = fromMs;
  while (true) {
    atMs += -Math.log(1 - random.next()) / Math.max(1e-9, flow.at(atMs).requestsPerMs * tracedShare);
    if (atMs >= toMs) break;
    walkRequest(options, pickEntry(plot, random), atMs);
  }
  return { spans, logs };
}

function pickEntry({ system }: Plot, random: Random) {
  let left = random.next();
  for (const { operation, weight } of system.entries) {
    left -= weight;
    if (left <= 0) return operation;
  }
  const last = system.entries.at(-1);
  if (last === undefined) throw new RangeError('a system has at least one entry');
  return last.operation;
}

function allPoints(plot: Plot, flow: Flow, random: Random): SentPoint[] {
  const points: SentPoint[] = [];
  const dialect = random.pick<Dialect>(['opentelemetry', 'prometheus']);
  const stepMs = random.pick([30_000, 30_000, 60_000]);
  readMetrics({
    system: plot.system,
    changes: plot.changes,
    flow,
    random,
    dialect,
    stepMs,
    emit: (point) => points.push(point),
  });
  return points;
}

function trueAlerts(
  plot: Plot,
  { flow, spans, toMs }: { flow: Flow; spans: readonly SentSpan[]; toMs: number },
): FiredAlert[] {
  const { system, changes, onsetMs } = plot;
  const random = plot.random.fork('rules');
  const effects = plot.stories.flatMap((story) => story.effects);
  const fired = fireAlerts({ system, flow, changes, spans, effects, random, fromMs: onsetMs, toMs });
  return fired.length > 0 ? fired : [complaint(plot, random)];
}

/** No rule told, so people did. */
function complaint({ system, onsetMs }: Plot, random: Random): FiredAlert {
  const service = system.entries[0]?.operation.service ?? '';
  const atMs = onsetMs + random.int(180, 480) * 1000;
  return {
    name: 'CustomerReports',
    severity: 'critical',
    labels: { service },
    summary: 'customers say it is broken',
    atMs,
    endMs: null,
  };
}

/** Nothing is wrong: one alert, or one that comes and goes. */
function falseAlerts(plot: Plot, random: Random): FiredAlert[] {
  const first = noiseAlert(plot, random, plot.onsetMs);
  const open = { ...first, atMs: plot.onsetMs, endMs: null };
  if (plot.family !== 'flapping') return [open];
  return Array.from({ length: random.int(3, 5) }, (_, i) => ({
    ...open,
    atMs: plot.onsetMs + i * 14_000,
    endMs: plot.onsetMs + i * 14_000 + 7_000,
  })).map((one, i, all) => (i === all.length - 1 ? { ...one, endMs: null } : one));
}

const noisyNames = ['HighLatency', 'HighErrorRate', 'PodCpuHigh', 'ProbeFailed'];

function noiseAlert({ system }: Plot, random: Random, atMs: number): FiredAlert {
  const { name } = random.pick(system.services.filter(({ role }) => role === 'service' || role === 'gateway'));
  const rule = random.pick(noisyNames);
  const endMs = random.chance(0.5) ? atMs + 30_000 : null;
  return { name: rule, severity: 'warning', labels: { service: name }, summary: `${rule} on ${name}`, atMs, endMs };
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
