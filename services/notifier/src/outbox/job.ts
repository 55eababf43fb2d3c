import type { Delivery, Incident } from '@faultline/model';
import type { ChannelMessage } from '../channel.ts';
import type { Page } from '../page/page.ts';
import { changeReason, isPushedChange, type SendReason } from '../stages/decide.ts';
import { notesFor } from '../stages/notes.ts';

/** One delivery in progress: an incident for a target. It lives from the intent until it is sent or has failed. */
export interface Job {
  readonly target: string;
  readonly action: 'send' | 'edit';
  reason: SendReason;
  /** The committed intent. Its revision is that of the first try; its message ids and hash are those of the last sent page. */
  intended: Delivery;
  /** Newer than the intent when a newer revision arrived between tries. */
  incident: Incident;
  page: Page;
  digest: string;
  /** An earlier try may have arrived. */
  maybeSent: boolean;
  /** Tries that the receiver refused. Transient failures do not count. */
  refusals: number;
  nextAtMs: number;
  isRunning: boolean;
}

export type Outcome =
  | { readonly ok: true; readonly job: Job; readonly messageId: string; readonly threadId: string }
  | { readonly ok: false; readonly job: Job; readonly error: unknown };

/** The message for the channel. */
export function messageOf(job: Job): ChannelMessage {
  const { intended, incident, page, action, reason } = job;
  const isFirst = action === 'send' && intended.messageId === '';
  return {
    action,
    page,
    incident,
    reason,
    isPushed:
      (isFirst && page.level === 'page' && page.status !== 'resolved') ||
      isPushedChange(changeReason(intended.contentHash, job.digest)),
    // A first page must arrive once, so it keeps its key although the revision may change between tries.
    idempotencyKey: `${incident.id}:${job.target}:${isFirst ? 'first' : versionOf(job)}`,
    messageId: intended.messageId,
    threadId: intended.threadId,
    notes: action === 'edit' ? notesFor(intended.contentHash, job.digest, page) : [],
    maybeSent: job.maybeSent,
  };
}

/** An escalation tells the same revision again. */
function versionOf({ incident, page }: Job): string {
  return page.escalationStep === 0 ? String(incident.revision) : `${incident.revision}e${page.escalationStep}`;
}

/** The topic key of a delivery. */
export function deliveryKey(incidentId: string, target: string): string {
  return `${incidentId}|${target}`;
}
