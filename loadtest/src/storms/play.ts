/** Plays a storm through the core: its alerts, the evidence of all services, and the time until it is settled. */
import { createCore, createState, type Effect, planEvidence, rankHypotheses } from '@faultline/correlation';
import type { EvidenceQuery, EvidenceResult, Incident, Input } from '@faultline/model';
import { createRandom, type Random } from '../random/random.ts';
import { evidenceOf } from '../workloads/telemetry.ts';
import type { Storm } from './storm.ts';

export interface PlayedStorm {
  readonly storm: Storm;
  /** Every revision, in the order in which they were published. */
  readonly revisions: readonly Incident[];
  /** The incident of each alert at the end, by fingerprint. */
  readonly members: ReadonlyMap<string, string>;
}

const tickMs = 1000;
/** Evidence takes this long to read. */
const evidenceDelayMs = 700;
const settleMs = 6 * 60_000;

export function playStorm(storm: Storm): PlayedStorm {
  const random = createRandom(storm.seed).fork('evidence');
  const core = createCore({ planEvidence, rankHypotheses });
  let state = createState({ tenant: 't', environment: '' });
  const revisions: Incident[] = [];
  const members = new Map<string, string>();
  const results: { readonly atMs: number; readonly input: Input }[] = [];
  const perform = (atMs: number, effect: Effect): void => {
    if (effect.kind === 'publish') revisions.push(effect.incident);
    if (effect.kind === 'query')
      results.push({
        atMs: atMs + evidenceDelayMs,
        input: { kind: 'answer', answer: readAll(storm, effect.query, random) },
      });
    if (effect.kind === 'member') {
      const { alert, incidentId, membership } = effect.member;
      if (membership === 'present') members.set(alert.fingerprint, incidentId);
      else if (members.get(alert.fingerprint) === incidentId) members.delete(alert.fingerprint);
    }
  };
  const give = (atMs: number, input: Input): void => {
    const step = core.step(state, { atMs, input });
    state = step.state;
    for (const effect of step.effects) perform(atMs, effect);
  };
  const firstMs = storm.alerts[0]?.receivedAtMs ?? 0;
  const untilMs = (storm.alerts.at(-1)?.receivedAtMs ?? 0) + settleMs;
  const waiting = storm.alerts.map((alert) => ({ atMs: alert.receivedAtMs, input: { kind: 'alert', alert } as const }));
  for (let atMs = firstMs; atMs <= untilMs; atMs += tickMs) {
    while (waiting[0] !== undefined && waiting[0].atMs <= atMs) {
      const next = waiting.shift();
      if (next !== undefined) give(atMs, next.input);
    }
    for (const { input } of results.splice(0).filter((one) => keepLate(one, atMs, results))) give(atMs, input);
    give(atMs, { kind: 'tick' });
  }
  return { storm, revisions, members };
}

/** Puts a result back that is not there yet. */
function keepLate<One extends { readonly atMs: number }>(one: One, atMs: number, results: One[]): boolean {
  if (one.atMs <= atMs) return true;
  results.push(one);
  return false;
}

/** All groups are in one environment, so each query sees all of them. */
function readAll({ groups }: Storm, query: EvidenceQuery, random: Random): EvidenceResult {
  const parts = groups.map(({ system, harm }) => evidenceOf(query, system, harm, random));
  const [first] = parts;
  if (first === undefined) throw new Error('a storm has a group');
  return {
    ...first,
    edges: parts.flatMap(({ edges }) => edges),
    operations: parts.flatMap(({ operations }) => operations),
    presence: parts.flatMap(({ presence }) => presence),
  };
}
