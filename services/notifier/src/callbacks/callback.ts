/** What comes back from a receiver: a person acknowledges in PagerDuty, or taps a button in Slack. */
import type { IncidentReference } from './reference.ts';

export interface CallbackRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly nowMs: number;
}

/** What a person asks for. `not-this-cause` and `split` need the incident before they become commands. */
export type CallbackAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'resolve'; readonly resolution: string }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'note'; readonly text: string }
  /** The service that the person saw as the cause; empty: the one that the incident names now. */
  | { readonly kind: 'not-this-cause'; readonly service: string }
  | { readonly kind: 'restore-cause'; readonly service: string }
  | { readonly kind: 'split'; readonly entity: string };

export interface CallbackCommand {
  /** The same for every delivery of one act of a person. */
  readonly id: string;
  readonly reference: IncidentReference;
  /** Name of the person, as the receiver knows it. */
  readonly actor: string;
  readonly action: CallbackAction;
}

export interface CallbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Published before the answer is sent. */
  readonly commands: readonly CallbackCommand[];
}

/** Verifies and reads one request. Pure: it never throws for what a sender may send. */
export type ReceiveCallback<Config> = (config: Config, request: CallbackRequest) => CallbackAnswer;

export function refusedCallback(status: 400 | 401 | 404, message: string): CallbackAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify({ message }), commands: [] };
}

export function acceptedCallback(commands: readonly CallbackCommand[], body = ''): CallbackAnswer {
  return { status: 200, contentType: body === '' ? 'text/plain' : 'application/json', body, commands };
}
