/** Runs a scenario: simulates its flow, then generates traces and metrics step by step. */

import type { Random } from '../random/random.ts';
import { type Effects, indexEffects } from './fault/effect.ts';
import { type Flow, simulateFlow } from './flow/flow.ts';
import { createMetricReader } from './metrics/metrics.ts';
import type { Dialect } from './metrics/value.ts';
import type { Scenario } from './scenario.ts';
import { callsPerRequest, type Operation } from './system/system.ts';
import type { SentLog, SentPoint, SentSpan } from './telemetry/telemetry.ts';
import { generateTrace } from './traces/generate-trace.ts';

export interface RunOptions {
  readonly fromMs: number;
  /** End of the simulated flow. Later telemetry repeats the last frame. */
  readonly toMs: number;
  readonly tracedPerMs: number;
  /** One in this many requests is traced. */
  readonly tracedOneIn: number;
  /** Load as a share of the design load. */
  readonly loadAt: (atMs: number) => number;
  readonly metrics: { readonly random: Random; readonly dialect: Dialect; readonly stepMs: number };
}

export interface ScenarioRun {
  readonly flow: Flow;
  readonly effects: Effects;
  /** Spans and logs of the requests that start since the last call and before `toMs`, in order of start. */
  generateTraces(toMs: number): { readonly spans: readonly SentSpan[]; readonly logs: readonly SentLog[] };
  /** Points since the last call and before `toMs`. */
  readMetrics(toMs: number): readonly SentPoint[];
}

export function startRun(scenario: Scenario, options: RunOptions): ScenarioRun {
  const { system, changes } = scenario;
  const { fromMs, toMs, tracedPerMs, tracedOneIn } = options;
  const effects = indexEffects(
    [...scenario.faults.flatMap((fault) => fault.effects), ...scenario.harmlessEffects],
    system,
  );
  const usualPerMs = tracedPerMs * tracedOneIn;
  const requestsPerMs = (atMs: number): number => usualPerMs * options.loadAt(atMs);
  const flow = simulateFlow({ system, effects, usualPerMs, requestsPerMs, fromMs, toMs });
  const reader = createMetricReader({ system, changes, flow, ...options.metrics });
  const random = scenario.random.fork('requests');
  const gapMs = (atMs: number): number =>
    -Math.log(1 - random.next()) / Math.max(1e-9, flow.at(atMs).requestsPerMs / tracedOneIn);
  let nextMs = fromMs;
  nextMs += gapMs(nextMs);
  return {
    flow,
    effects,
    readMetrics: (untilMs) => reader.readMetrics(untilMs),
    generateTraces: (untilMs) => {
      const spans: SentSpan[] = [];
      const logs: SentLog[] = [];
      const emit = { emitSpan: (span: SentSpan) => spans.push(span), emitLog: (log: SentLog) => logs.push(log) };
      for (; nextMs < untilMs; nextMs += gapMs(nextMs))
        generateTrace({ system, effects, flow, changes, random, ...emit }, pickEntry(scenario, random), nextMs);
      return { spans, logs };
    },
  };
}

function pickEntry({ system }: Scenario, random: Random): Operation {
  let left = random.next();
  for (const { operation, weight } of system.entries) {
    left -= weight;
    if (left <= 0) return operation;
  }
  const last = system.entries.at(-1);
  if (last === undefined) throw new RangeError('a system has at least one entry');
  return last.operation;
}

/** Traced requests per ms that give about this many spans in this time, within a limit. */
export function tracedRate({ system }: Scenario, { spans, inMs }: { spans: number; inMs: number }): number {
  const calls = [...callsPerRequest(system).values()].reduce((sum, count) => sum + count, 0);
  // Each call is a client span and a server span.
  return Math.min(8 / 1000, spans / (2 * calls) / inMs);
}
