/** Takes the answer to an open question: re-ranks, regroups, and calls the incident over when it is. */
import type { EvidenceResult } from '@faultline/model';
import { joinSameCause } from '../grouping/cause.ts';
import { knownGraph } from '../grouping/graph.ts';
import { absorbIncident, regroupIncident, relate } from '../grouping/regroup.ts';
import type { Ranking } from '../ranking/input/ranking.ts';
import { type Draft, markChanged, touch } from '../state/draft.ts';
import { setEvidence } from '../state/evidence.ts';
import type { IncidentState } from '../state/state.ts';
import { planAsk } from './ask.ts';
import { dropQuestion, historyOf, isOpen, resolveIncident, tell } from './life.ts';
import { rankIncident } from './rank.ts';
import { describeRevision } from './revision.ts';

/** Most calls kept of the graph. A larger one is cut in the order of names. */
const maxEdges = 5000;
/** Traces may never settle; after this many rounds the grouping is settled anyway. */
const roundsToRegroup = 3;

/** Takes an answer. One whose question is no longer open is dropped: the first one wins. */
export function takeAnswer(draft: Draft, answer: EvidenceResult): void {
  const question = draft.state.questions.get(answer.questionId);
  const incident = question === undefined ? undefined : draft.state.incidents.get(question.incidentId);
  if (incident === undefined || incident.questionId !== answer.questionId || !isOpen(incident)) return;
  dropQuestion(draft, incident);
  incident.rounds += 1;
  const before = draft.state.evidence.get(incident.id)?.ranking ?? null;
  learnTopology(draft, answer);
  weigh(draft, incident, answer);
  markChanged(draft, incident, { now: true });
  if (absorbIncident(draft, incident) || joinSameCause(draft, incident)) return;
  if (mayRegroup(incident, answer) && regroupIncident(draft, incident)) weigh(draft, incident, answer);
  tellRevision(draft, incident, before);
  if (!resolveWhenOver(draft, incident, answer)) planAsk(draft, incident);
}

/** A pinned cause stays, whatever the evidence says: then nothing is told. */
function tellRevision(draft: Draft, incident: IncidentState, before: Ranking | null): void {
  const now = draft.state.evidence.get(incident.id)?.ranking;
  if (now === undefined || historyOf(draft, incident.id).pin !== null) return;
  const text = describeRevision(before, now);
  if (text !== null) tell(draft, incident, 'revision', text);
}

/** Whether the windows could be read at all. */
export function isReachable(answer: EvidenceResult): boolean {
  return !answer.missing.some(({ part }) => part === 'store');
}

function weigh(draft: Draft, incident: IncidentState, answer: EvidenceResult): void {
  const { state } = draft;
  const reachable = isReachable(answer);
  const known = state.evidence.get(incident.id);
  touch(draft, `evidence/${incident.id}`);
  if (!reachable && known?.reachable === true) {
    // What was seen before still says more than nothing; that it is old is said.
    setEvidence(state, incident.id, { ...known, missing: answer.missing });
    return;
  }
  const fresh = rankIncident(draft, incident, reachable ? answer : null);
  // Signals that recovered no longer show the cause: what was found while they were disturbed stays, for the record and for the next time.
  const isOver = incident.quietSinceMs !== null && fresh.verdict === 'inconclusive' && known !== undefined;
  const ranking = isOver ? { ...known.ranking, disturbed: fresh.disturbed } : fresh;
  const { past, missing } = answer;
  setEvidence(state, incident.id, { ranking, past, missing, related: [], reachable });
  if (reachable) incident.evidenceState = answer.settled ? 'settled' : 'provisional';
  if (reachable) relate(draft, incident, knownGraph(state));
}

function learnTopology(draft: Draft, answer: EvidenceResult): void {
  const sorted = topologyOf(answer);
  if (sorted.length === 0) return;
  const topology = { edges: sorted.slice(0, maxEdges) };
  // Every answer tells the calls of the whole scope, mostly the same ones: they are large, and written only when they differ.
  if (JSON.stringify(topology) === JSON.stringify(draft.state.topology)) return;
  draft.state.topology = topology;
  draft.state.graph = null;
  touch(draft, 'topology');
}

/** Who calls whom, sorted, each pair once: of the whole system where the answer tells it, else of its rows. */
export function topologyOf({
  edges,
  topology = edges.map(({ caller, callee }) => [caller, callee] as const),
}: Pick<EvidenceResult, 'topology'> & {
  readonly edges: readonly Pick<EvidenceResult['edges'][number], 'caller' | 'callee'>[];
}): readonly (readonly [string, string])[] {
  const pairs = new Map(topology.map(([caller, callee]) => [`${caller}\n${callee}`, [caller, callee] as const]));
  pairs.delete('\n');
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

function mayRegroup(incident: IncidentState, answer: EvidenceResult): boolean {
  return !incident.regrouped && isReachable(answer) && (answer.settled || incident.rounds >= roundsToRegroup);
}

/** Over: no member fires, the hold has passed, and the signals recovered, or cannot be seen for long, or differ for good. */
function resolveWhenOver(draft: Draft, incident: IncidentState, answer: EvidenceResult): boolean {
  const { config, atMs, state } = draft;
  if (incident.quietSinceMs === null) return false;
  const quietMs = atMs - incident.quietSinceMs;
  if (quietMs < config.resolveHoldMs) return false;
  const disturbed = state.evidence.get(incident.id)?.ranking.disturbed === true;
  const why = decideOver({ reachable: isReachable(answer), disturbed, quietMs }, config);
  if (why !== null) resolveIncident(draft, incident, { why: `resolved: ${why}`, resolution: why });
  return why !== null;
}

interface Quiet {
  readonly reachable: boolean;
  readonly disturbed: boolean;
  readonly quietMs: number;
}

/** Why an incident without firing alerts is over; null while it is not. */
export function decideOver(
  { reachable, disturbed, quietMs }: Quiet,
  limits: { readonly resolveBlindMs: number; readonly resolveAnywayMs: number },
): string | null {
  if (reachable && !disturbed) return 'all alerts are over and the signals recovered';
  if (!reachable && quietMs >= limits.resolveBlindMs) return 'all alerts are over; no evidence to be had';
  if (quietMs >= limits.resolveAnywayMs) return 'all alerts are over; the signals stay different from before';
  return null;
}
