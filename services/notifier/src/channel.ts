/** The port of a channel. A channel is a folder under channels/, an entry in channels/list.ts, and a fixture for the contract tests. */
import type { Incident } from '@faultline/model';
import type { Page } from './page/page.ts';

export interface ChannelCapabilities {
  /**
   * What happens to a message that is sent again because its first try may have arrived. `idempotent`: the receiver drops the second one by
   * its key. `findable`: the channel searches for the first one. `neither`: both arrive, and the second is marked as a possible repeat.
   */
  readonly repeats: 'idempotent' | 'findable' | 'neither';
  /** Whether a sent message can be edited. Without it a channel gets only: first, cause changed, resolved, reopened. */
  readonly canEdit: boolean;
}

export type NoteKind = 'cause-changed' | 'acknowledged' | 'resolved' | 'reopened';

/** A reply in the thread of a page. */
export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
}

export interface ChannelMessage {
  /** `send`: a new message. `edit`: change the message `messageId`. */
  readonly action: 'send' | 'edit';
  readonly page: Page;
  readonly incident: Incident;
  /** Why the message is sent now. */
  readonly reason: string;
  /** The same for every try of a message. A first page keeps its key when its content changes between tries. */
  readonly idempotencyKey: string;
  /** Empty for a new message. */
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
  /** Resolves when the receiver has accepted the message. Throws ChannelError, or the signal's reason when aborted. */
  send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt>;
}
