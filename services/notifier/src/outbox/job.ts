import type { Delivery, Incident } from '@faultline/model';
import type { ChannelMessage } from '../channel.ts';
import type { Page } from '../page/page.ts';
import type { SendReason } from '../stages/decide.ts';
import { notesFor } from '../stages/notes.ts';

/** One target to be told of one incident. It lives from the intent until it is sent or given up. */
export interface Job {
  readonly target: string;
  readonly action: 'send' | 'edit';
  readonly reason: SendReason;
  /** The committed intent: its revision is that of the first try, its message ids and hash those of what the target has. */
  intended: Delivery;
  /** Newer than the intent when a newer revision came while it was tried. */
  incident: Incident;
  page: Page;
  digest: string;
  /** An earlier try may have arrived. */
  maybeSent: boolean;
  /** Tries that the receiver refused; those that it could not take just now do not count. */
  refusals: number;
  nextAtMs: number;
  isRunning: boolean;
}

export type Outcome =
  | { readonly ok: true; readonly job: Job; readonly messageId: string; readonly threadId: string }
  | { readonly ok: false; readonly job: Job; readonly error: unknown };

/** What the channel is given. */
export function messageOf(job: Job): ChannelMessage {
  const { intended, incident, page, action, reason } = job;
  const isFirst = action === 'send' && intended.messageId === '';
  return {
    action,
    page,
    incident,
    reason,
    // The first page keeps its key over all tries, whatever the revision has become: it must arrive once.
    idempotencyKey: `${incident.id}:${job.target}:${isFirst ? 'first' : incident.revision}`,
    messageId: intended.messageId,
    threadId: intended.threadId,
    notes: action === 'edit' ? notesFor(intended.contentHash, job.digest, page) : [],
    maybeSent: job.maybeSent,
  };
}

/** The topic key of a delivery. */
export function deliveryKey(incidentId: string, target: string): string {
  return `${incidentId}|${target}`;
}
