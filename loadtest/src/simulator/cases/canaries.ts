/** Encodes a case of canaries as a system without tracing sees it: metrics of instances and of their requests, nothing else. */
import type { Change } from '../fault/change.ts';
import type { Scenario } from '../scenario.ts';
import type { SentPoint } from '../telemetry/telemetry.ts';
import type { Timeline } from '../timeline.ts';
import { metricRequests } from '../wire/otlp.ts';
import { requestMetricRequests } from '../wire/request-metrics.ts';
import { encodeClean } from './clean.ts';
import { type EncodedCase, toAsync } from './encoded-case.ts';

const stepMs = 15_000;

export function encodeCanaries(scenario: Scenario, timeline: Timeline): EncodedCase {
  const points = timeline.points.map((point) => asFresh(point, scenario.changes));
  return {
    ...encodeClean(scenario, timeline),
    streams: (shiftMs) => [
      { signal: 'metrics', requests: toAsync(metricRequests(points, shiftMs)) },
      { signal: 'metrics', requests: toAsync(requestMetricRequests(timeline.spans, { stepMs, shiftMs })) },
    ],
  };
}

/** Caches fill for this long after a start. */
const fillMs = 600_000;
/** Share of its usual memory that a process holds right after its start. */
const atStart = 0.55;
/** A process compiles and opens connections for this long after its start, and needs up to this share of CPU more. */
const warmUpMs = 60_000;
const warmUpShare = 0.5;

/** What any restart looks like: memory starts anew and grows, and the first minute takes more CPU. */
function asFresh(point: SentPoint, changes: readonly Change[]): SentPoint {
  const release = changes.find(({ suffix }) => suffix !== '' && point.sender.instance.includes(`-${suffix}-`));
  if (release === undefined || point.kind === 'counter') return point;
  const ageMs = point.atMs - release.atMs;
  if (/memory/.test(point.metric)) return { ...point, value: point.value * filled(ageMs) };
  if (/cpu/.test(point.metric)) return { ...point, value: point.value * warmingUp(ageMs) };
  return point;
}

const filled = (ageMs: number): number => atStart + (1 - atStart) * Math.min(1, ageMs / fillMs);
const warmingUp = (ageMs: number): number => 1 + warmUpShare * Math.max(0, 1 - ageMs / warmUpMs);
