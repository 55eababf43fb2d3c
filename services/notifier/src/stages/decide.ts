/** The decision of the notifier: whether a target gets a revision, how, and why. Pure. */
import type { Delivery, Incident } from '@faultline/model';
import type { ChannelCapabilities } from '../channel.ts';
import { type Digest, isWorse, namesCause, parseDigest } from '../page/digest.ts';

export type SendReason = 'first' | 'held-until-over' | 'unfinished' | 'retry-failed' | ChangeReason;
export type ChangeReason =
  | 'resolved'
  | 'reopened'
  | 'promoted'
  | 'severity-raised'
  | 'escalated'
  | 'cause-changed'
  | 'cause-withdrawn'
  | 'acknowledged'
  | 'revised';
export type SkipReason = 'equal-page' | 'older-revision' | 'over-before-first-page' | 'minor-for-channel' | 'failed';

export type Decision =
  | { readonly action: 'send' | 'edit'; readonly reason: SendReason }
  | { readonly action: 'skip'; readonly reason: SkipReason };

export interface DecisionInput {
  /** The last delivery to the target. Null: none. */
  readonly previous: Delivery | null;
  readonly incident: Pick<Incident, 'status' | 'revision' | 'triage'>;
  /** Digest of the page of this revision. */
  readonly digest: string;
  readonly capabilities: Pick<ChannelCapabilities, 'updates'>;
}

/** The table in stages.test.ts holds every case. */
export function decideDelivery({ previous, incident, digest, capabilities }: DecisionInput): Decision {
  if (previous === null) return decideFirst(incident, capabilities);
  if (incident.revision < previous.revision) return skip('older-revision');
  const hasMessage = previous.messageId !== '';
  const redo = hasMessage && capabilities.updates !== 'none' ? 'edit' : 'send';
  if (previous.state === 'intended') return { action: redo, reason: 'unfinished' };
  if (previous.state === 'failed')
    return incident.revision === previous.revision ? skip('failed') : { action: redo, reason: 'retry-failed' };
  if (digest === previous.contentHash) return skip('equal-page');
  const reason = changeReason(previous.contentHash, digest);
  if (minorFor[capabilities.updates].has(reason)) return skip('minor-for-channel');
  return { action: redo, reason };
}

/**
 * What was over before anybody heard of it is not told, unless a rule of people held it back. A receiver that keeps one incident by key could
 * only open one and wake people for it.
 */
function decideFirst(
  { status, triage }: DecisionInput['incident'],
  { updates }: DecisionInput['capabilities'],
): Decision {
  if (status !== 'resolved') return { action: 'send', reason: 'first' };
  const wasHeld = triage !== null && triage.level !== 'log' && triage.reasons.some(({ code }) => code === 'was-held');
  return wasHeld && updates !== 'by-key'
    ? { action: 'send', reason: 'held-until-over' }
    : skip('over-before-first-page');
}

/** Changes that a channel does not get, because it could only add a message or a log entry for them. */
const minorFor: Readonly<Record<ChannelCapabilities['updates'], ReadonlySet<ChangeReason>>> = {
  'in-place': new Set(),
  'by-key': new Set(['revised']),
  none: new Set(['revised', 'acknowledged', 'cause-withdrawn']),
};

/** Whether people must be notified of a change: a ticket became a page, the incident got worse, nobody acknowledged, the cause was found or moved, or the incident is back. Other changes are silent. */
export function isPushedChange(reason: ChangeReason): boolean {
  return pushed.has(reason);
}

const pushed: ReadonlySet<ChangeReason> = new Set([
  'cause-changed',
  'reopened',
  'promoted',
  'severity-raised',
  'escalated',
]);

/** The most important difference between the sent page and the current one. An unknown sent page counts as open without a cause. */
export function changeReason(before: string, now: string): ChangeReason {
  const then = parseDigest(before);
  const next = parseDigest(now);
  if (next === null) return 'revised';
  const thenStatus = then?.status ?? 'open';
  if (next.status !== thenStatus) {
    if (next.status === 'resolved') return 'resolved';
    if (thenStatus === 'resolved') return 'reopened';
  }
  if (then !== null && isRaised(then, next)) return 'severity-raised';
  if (next.status === 'open' && next.escalationStep > (then?.escalationStep ?? 0)) return 'escalated';
  if (next.status !== thenStatus && next.status === 'acknowledged') return 'acknowledged';
  if (next.level === 'page' && then !== null && then.level !== 'page') return 'promoted';
  if (!namesCause(next)) return then !== null && namesCause(then) ? 'cause-withdrawn' : 'revised';
  return then?.cause === next.cause ? 'revised' : 'cause-changed';
}

/** A page whose worst severity rises to error or critical. An acknowledgement was for something milder. */
function isRaised(then: Digest, next: Digest): boolean {
  if (then.level !== 'page' || next.level !== 'page' || next.status === 'resolved') return false;
  if (then.severity === null || next.severity === null || !isWorse(next.severity, then.severity)) return false;
  return next.severity === 'critical' || next.severity === 'error';
}

function skip(reason: SkipReason): Decision {
  return { action: 'skip', reason };
}
