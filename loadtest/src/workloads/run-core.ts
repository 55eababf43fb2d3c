/** Plays reports of a cluster and alerts through the core, without a store or a topic. */
import {
  createCore,
  createState,
  type Effect,
  planEvidence,
  rankHypotheses,
  type ScopeState,
} from '@faultline/correlation';
import type { Alert, EvidenceQuery, EvidenceResult, Incident, Input } from '@faultline/model';
import { clusterScope, type Report } from './cluster.ts';

/** How long the core goes on after the last alert, and how often it gets a tick. */
const afterMs = 180_000;
const tickMs = 5000;
/** From the start of an alert to its arrival. */
const deliveryMs = 2000;

/** What the store answers to a query. Null: nothing, and the query times out. */
export type Answer = (query: EvidenceQuery) => EvidenceResult | null;

export interface Store {
  readonly answer: Answer;
  /** How long it takes to answer, ms. Default: 0. */
  readonly latencyMs?: number;
}

interface Event {
  readonly atMs: number;
  readonly input: Input;
}

/**
 * Gives the core everything in the order of time. Returns the last revision of each incident. The one that was published last comes last.
 */
export function runCore(
  reports: readonly Report[],
  alerts: readonly Alert[],
  { answer, latencyMs = 0 }: Store,
): readonly Incident[] {
  const core = createCore({ planEvidence, rankHypotheses });
  let state: ScopeState = createState(clusterScope);
  const incidents = new Map<string, Incident>();
  const events = eventsOf(reports, alerts);
  const add = (event: Event): void => {
    const at = events.findIndex(({ atMs }) => atMs > event.atMs);
    events.splice(at === -1 ? events.length : at, 0, event);
  };
  const perform = (atMs: number, effect: Effect): void => {
    if (effect.kind === 'publish') {
      incidents.delete(effect.incident.id);
      incidents.set(effect.incident.id, effect.incident);
    }
    const result = effect.kind === 'query' ? answer(effect.query) : null;
    if (result === null) return;
    const event = { atMs: atMs + latencyMs, input: { kind: 'answer', answer: result } } as const;
    if (latencyMs === 0) give(event);
    else add(event);
  };
  const give = ({ atMs, input }: Event): void => {
    const step = core.step(state, { atMs, input });
    state = step.state;
    for (const effect of step.effects) perform(atMs, effect);
  };
  for (let event = events.shift(); event !== undefined; event = events.shift()) give(event);
  return [...incidents.values()];
}

/** Reports and alerts in the order of time, then the ticks after the last alert. */
function eventsOf(reports: readonly Report[], alerts: readonly Alert[]): Event[] {
  const lastMs = Math.max(...alerts.map(({ receivedAtMs }) => receivedAtMs));
  const events: readonly Event[] = [
    ...reports.map((report) => ({ atMs: report.atMs, input: inputOf(report) })),
    ...alerts.map((alert) => ({ atMs: alert.receivedAtMs + deliveryMs, input: { kind: 'alert', alert } as const })),
  ];
  const ticks = Array.from({ length: afterMs / tickMs }, (_, i) => lastMs + (i + 1) * tickMs);
  return [
    ...events.toSorted((a, b) => a.atMs - b.atMs),
    ...ticks.map((atMs) => ({ atMs, input: { kind: 'tick' } as const })),
  ];
}

function inputOf(report: Report): Input {
  return report.kind === 'change'
    ? { kind: 'change', change: report.change }
    : { kind: 'finding', finding: report.finding };
}
