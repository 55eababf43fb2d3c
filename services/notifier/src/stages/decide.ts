/** Whether and how to tell a target of a revision, and why: the one decision of the notifier. Pure. */
import type { Delivery, Incident } from '@faultline/model';
import type { ChannelCapabilities } from '../channel.ts';
import { parseDigest } from '../page/digest.ts';

export type SendReason = 'first' | 'unfinished' | 'retry-failed' | ChangeReason;
export type ChangeReason = 'resolved' | 'reopened' | 'cause-changed' | 'acknowledged' | 'revised';
export type SkipReason = 'equal-page' | 'older-revision' | 'over-before-first-page' | 'minor-for-channel' | 'failed';

export type Decision =
  | { readonly action: 'send' | 'edit'; readonly reason: SendReason }
  | { readonly action: 'skip'; readonly reason: SkipReason };

export interface DecisionInput {
  /** What the target was told so far; null: nothing. */
  readonly previous: Delivery | null;
  readonly incident: Pick<Incident, 'status' | 'revision'>;
  /** Digest of the page of this revision. */
  readonly digest: string;
  readonly capabilities: Pick<ChannelCapabilities, 'canEdit'>;
}

/** The table in stages.test.ts shows every case. */
export function decideDelivery({ previous, incident, digest, capabilities }: DecisionInput): Decision {
  if (previous === null)
    return incident.status === 'resolved' ? skip('over-before-first-page') : { action: 'send', reason: 'first' };
  if (incident.revision < previous.revision) return skip('older-revision');
  const wasTold = previous.messageId !== '';
  const redo = wasTold && capabilities.canEdit ? 'edit' : 'send';
  if (previous.state === 'intended') return { action: redo, reason: 'unfinished' };
  if (previous.state === 'failed')
    return incident.revision === previous.revision ? skip('failed') : { action: redo, reason: 'retry-failed' };
  if (digest === previous.contentHash) return skip('equal-page');
  const reason = changeReason(previous.contentHash, digest);
  if (capabilities.canEdit) return { action: 'edit', reason };
  return reason === 'revised' || reason === 'acknowledged' ? skip('minor-for-channel') : { action: 'send', reason };
}

/** What differs most between what was told and what holds now. An unknown past counts as open and naming the same cause. */
export function changeReason(before: string, now: string): ChangeReason {
  const then = parseDigest(before);
  const next = parseDigest(now);
  if (next === null) return 'revised';
  const thenStatus = then?.status ?? 'open';
  if (next.status !== thenStatus) {
    if (next.status === 'resolved') return 'resolved';
    if (thenStatus === 'resolved') return 'reopened';
    if (next.status === 'acknowledged') return 'acknowledged';
  }
  return then !== null && then.cause !== next.cause ? 'cause-changed' : 'revised';
}

function skip(reason: SkipReason): Decision {
  return { action: 'skip', reason };
}
