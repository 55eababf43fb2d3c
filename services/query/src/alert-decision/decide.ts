/** Why an alert was paged or not. Pure: from facts to an outcome and the steps that led to it. */
import { type Incident, triageLevelOf } from '@faultline/model';
import type { AlertMembership } from '@faultline/store';
import { type AlertFacts, wasDelivered } from './facts.ts';
import { type Step, stepsOf } from './steps.ts';
import { outcomeText } from './words.ts';

export const outcomes = [
  'paged',
  'ticket',
  'log-entry',
  'held',
  'delivery-pending',
  'delivery-failed',
  'not-delivered',
  'left-incident',
  'heartbeat',
  'suppressed',
  'only-resolved',
  'being-processed',
  'no-incident',
  'refused',
  'not-heard',
] as const;
/**
 * - `paged`, `ticket`: a channel got the page or ticket. `log-entry`: the incident notifies nobody. `held`: a rule of people holds the page back.
 * - `delivery-pending`: no channel confirmed it yet. `delivery-failed`: every channel refused it. `not-delivered`: no channel was tried.
 * - `left-incident`: it is a member of no incident any more.
 * - `heartbeat`, `suppressed`: a rule keeps it from paging. `only-resolved`: it was never heard firing.
 * - `being-processed`: received a moment ago. `no-incident`: received, and nothing says what became of it.
 * - `refused`: a body that holds it was refused. `not-heard`: nothing is known of it.
 */
export type Outcome = (typeof outcomes)[number];

export interface Decision {
  readonly outcome: Outcome;
  /** One sentence. */
  readonly text: string;
  /** Empty: no incident. */
  readonly incidentId: string;
  /** Oldest first. */
  readonly steps: readonly Step[];
}

/** A correlator that is not behind needs less time than this for an alert. */
const processingMs = 60_000;

/** The decision about an alert as its facts tell it at this time. */
export function decideOutcome(facts: AlertFacts, nowMs: number): Decision {
  const membership = currentMembership(facts.memberships);
  const incident = membership === null ? null : (facts.incidents.get(membership.incidentId) ?? null);
  const outcome = membership === null ? outcomeAlone(facts, nowMs) : outcomeInIncident(facts, membership, incident);
  return {
    outcome,
    text: outcomeText(outcome, { facts, membership, incident }),
    incidentId: membership?.incidentId ?? '',
    steps: stepsOf(facts),
  };
}

/** The latest incident that it is in; else the latest that it was in. Null: none. */
function currentMembership(memberships: readonly AlertMembership[]): AlertMembership | null {
  return memberships.find(({ membership }) => membership === 'present') ?? memberships[0] ?? null;
}

function outcomeInIncident(
  { deliveries }: Pick<AlertFacts, 'deliveries'>,
  { incidentId, membership }: AlertMembership,
  incident: Incident | null,
): Outcome {
  if (membership === 'left') return 'left-incident';
  const level = incident === null ? 'page' : triageLevelOf(incident);
  if (incident?.triage?.reasons.some(({ code }) => code === 'held') === true) return 'held';
  const own = deliveries.filter((one) => one.incidentId === incidentId);
  if (own.some(wasDelivered)) return level === 'page' ? 'paged' : level === 'ticket' ? 'ticket' : 'log-entry';
  if (level === 'log') return 'log-entry';
  if (own.some(({ state }) => state === 'intended')) return 'delivery-pending';
  return own.length > 0 ? 'delivery-failed' : 'not-delivered';
}

function outcomeAlone({ transitions, suppression, refusals }: AlertFacts, nowMs: number): Outcome {
  const [latest] = transitions;
  if (latest === undefined) return refusals.length > 0 ? 'refused' : 'not-heard';
  if (suppression !== null) return suppression.isHeartbeat ? 'heartbeat' : 'suppressed';
  if (nowMs - latest.receivedAtMs < processingMs) return 'being-processed';
  return transitions.every(({ status }) => status === 'resolved') ? 'only-resolved' : 'no-incident';
}
