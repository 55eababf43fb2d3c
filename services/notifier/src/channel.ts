/** The port of a channel. A channel is a folder under channels/ with one declaration, which channels/list.ts names. */
import type { Incident, TriageLevel } from '@faultline/model';
import type { z } from 'zod';
import type { CallbackAnswer, CallbackCommand, CallbackRequest } from './callbacks/callback.ts';
import type { ChannelParts } from './channels/parts.ts';
import type { Page } from './page/page.ts';

export interface ChannelCapabilities {
  /**
   * What happens to a message that is sent again because its first try may have arrived. `idempotent`: the receiver drops the second one by
   * its key. `findable`: the channel searches for the first one. `neither`: both arrive, and the second is marked as a possible repeat.
   */
  readonly repeats: 'idempotent' | 'findable' | 'neither';
  /**
   * How a page follows its incident. `in-place`: the message is replaced and nobody is notified, so every revision is shown. `by-key`: the
   * receiver keeps one incident per key and logs each event, so it gets a worse severity, another cause and another status only. `none`: each update is a new
   * message, so it gets the first page, a worse severity, another cause, the end and a reopening.
   */
  readonly updates: 'in-place' | 'by-key' | 'none';
  /** Whether updates and replies stand below the first page. */
  readonly canThread: boolean;
  /** Whether a later message of an incident notifies people again, as when the cause is found after the first page. */
  readonly canNotifyAgain: boolean;
  /** What people do in the channel comes back as commands. */
  readonly hasActions: boolean;
}

/** Sizes of what a channel sends. The contract test measures them on pages of any size. */
export interface RenderBudget {
  /** Limit of the text that a phone's lock screen and a list of messages show, in characters. */
  readonly titleChars: number;
  /** Limit of one request, in bytes of UTF-8. */
  readonly requestBytes: number;
}

/** Rates that the receiver allows. A 429 is obeyed beside them. */
export interface RateBudget {
  /** Shortest time before an update, since the last request of this process for the target, in ms. First pages never wait for it. */
  readonly spacingMs: number;
  /** Shortest time between silent edits of one page, in ms. Revisions in between are coalesced. */
  readonly editSpacingMs: number;
}

export type NoteKind =
  | 'promoted'
  | 'severity-raised'
  | 'escalated'
  | 'cause-changed'
  | 'cause-withdrawn'
  | 'acknowledged'
  | 'resolved'
  | 'reopened';

/** A reply in the thread of a page. */
export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
  /** People must be notified of it, and the owners be mentioned. */
  readonly isPushed: boolean;
}

export interface ChannelMessage {
  /** `send`: a new message. `edit`: change the message `messageId`. */
  readonly action: 'send' | 'edit';
  readonly page: Page;
  readonly incident: Incident;
  /** Why the message is sent now. */
  readonly reason: string;
  /** People must be notified: a first page, a worse severity, a cause that was found or moved, a reopening. Everything else stays silent. */
  readonly isPushed: boolean;
  /** The same for every try of a message. A first page keeps its key when its content changes between tries. */
  readonly idempotencyKey: string;
  /** Empty for a new message. */
  readonly messageId: string;
  readonly threadId: string;
  /**
   * What changed since the message that people see. Unlike `reason` it also holds after a crash and for a page that changed between tries.
   */
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
  readonly rate: RateBudget;
  /** The levels of triage that the channel takes. */
  readonly levels: readonly TriageLevel[];
  readonly send: Send;
}

/** Everything there is to know about a kind of channel. Configuration, docs/channels.md and the contract tests derive from it. */
export interface ChannelDefinition<Schema extends ChannelSchema = ChannelSchema> {
  /** The configuration of one channel. Its `type` names the kind. */
  readonly schema: Schema;
  readonly type: string;
  readonly title: string;
  readonly capabilities: ChannelCapabilities;
  readonly budget: RenderBudget;
  readonly rate: RateBudget;
  /** The levels of triage that the channel takes unless its configuration names others. Default: pages. */
  readonly levels?: readonly TriageLevel[];
  /** For docs/channels.md. */
  readonly docs: ChannelDocs;
  /** The address within the channel, as `C123`, when one configuration may name several over time. */
  address?(config: z.output<Schema>): string;
  /** Reads what people do in the receiver. Only with `hasActions`. */
  callback?(config: z.output<Schema>, request: CallbackRequest): CallbackAnswer;
  /** What opening a link of a message shows. It changes nothing. */
  show?(config: z.output<Schema>, request: CallbackRequest): CallbackAnswer;
  /** Takes what people do over a connection of its own, until the signal is aborted. Null: the configuration asks for none. */
  listen?(config: z.output<Schema>, parts: ListenParts): Promise<void> | null;
  /** A method, so that a list may hold definitions with different configurations. `type` pairs them. */
  createSend(config: z.output<Schema>, parts: ChannelParts): Send;
}

/** What a channel that listens may use. */
export interface ListenParts {
  /** Resolves when the log has the commands. */
  readonly publish: (commands: readonly CallbackCommand[]) => Promise<void>;
  /** Logs a problem. */
  readonly warn: (text: string) => void;
  /** Numbers in [0, 1) for jitter. */
  readonly random01: () => number;
  readonly signal: AbortSignal;
}

/** Resolves when the receiver has accepted the message. Throws ChannelError, or the signal's reason when aborted. */
export type Send = (message: ChannelMessage, signal: AbortSignal) => Promise<Receipt>;

export type ChannelSchema = z.ZodObject<{ readonly type: z.ZodLiteral<string> } & z.core.$ZodShape>;

export interface ChannelDocs {
  /** What people get, in one or two sentences. */
  readonly summary: string;
  /** Configuration that works, without `type` and `name`. Secrets by `{ env: NAME }`. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Steps on the other side. */
  readonly setup: readonly string[];
  /** What a team should know before it relies on the channel. */
  readonly limits: readonly string[];
  /** Answer of a healthy receiver, for the pictures in the document. */
  readonly healthyAnswer: string;
}

/** Whether an edit brings this change. */
export function hasNote({ notes }: ChannelMessage, kind: NoteKind): boolean {
  return notes.some((note) => note.kind === kind);
}

/** The channel of one entry of the configuration. */
export function openChannel<Schema extends ChannelSchema>(
  definition: ChannelDefinition<Schema>,
  config: z.output<Schema> & { readonly name: string; readonly levels?: readonly TriageLevel[] | undefined },
  parts: ChannelParts,
): Channel {
  const { capabilities, rate } = definition;
  const address = definition.address?.(config) ?? '';
  const target = address === '' ? config.name : `${config.name}#${address}`;
  const levels = config.levels ?? definition.levels ?? ['page'];
  return { name: config.name, target, capabilities, rate, levels, send: definition.createSend(config, parts) };
}

/** Keeps the type of the schema. */
export function defineChannel<Schema extends ChannelSchema>(
  definition: ChannelDefinition<Schema>,
): ChannelDefinition<Schema> {
  return definition;
}
