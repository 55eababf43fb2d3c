/** What a channel is: one folder under channels/, one entry in channels/list.ts, one fixture for the contract kit. */
import type { Incident } from '@faultline/model';
import type { Page } from './page/page.ts';

export interface ChannelCapabilities {
  /**
   * What happens when the same message is sent twice because nobody knows whether it arrived. `idempotent`: the receiver drops the second by its key.
   * `findable`: the channel looks for the first one. `neither`: it arrives twice, the second marked as a possible repeat.
   */
  readonly repeats: 'idempotent' | 'findable' | 'neither';
  /** A message sent can be altered in place; without it a channel gets only: first, cause changed, resolved, reopened. */
  readonly canEdit: boolean;
}

export type NoteKind = 'cause-changed' | 'acknowledged' | 'resolved' | 'reopened';

/** A line of history beside the page: a reply in its thread. */
export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
}

export interface ChannelMessage {
  /** `send`: a first message. `edit`: alter the message `messageId`. */
  readonly action: 'send' | 'edit';
  readonly page: Page;
  readonly incident: Incident;
  /** Why it is sent now. */
  readonly reason: string;
  /** Equal for every try of the same message; the first page keeps its key even when its content has moved on. */
  readonly idempotencyKey: string;
  /** Empty for a first message. */
  readonly messageId: string;
  readonly threadId: string;
  readonly notes: readonly Note[];
  /** An earlier try may have arrived. */
  readonly maybeSent: boolean;
}

export interface Receipt {
  /** Never empty. */
  readonly messageId: string;
  readonly threadId: string;
}

export interface Channel {
  /** The configured name. */
  readonly name: string;
  /** Name and address within the channel, `ops#C123`: the key of its deliveries. */
  readonly target: string;
  readonly capabilities: ChannelCapabilities;
  /** Resolves when the receiver has taken it. Rejects with ChannelError, or with the signal's reason when aborted. */
  send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt>;
}
