/** What comes back from a receiver: a person acknowledges in PagerDuty, or taps a button in Slack. */
import { contentId, type RemediationKind } from '@faultline/model';
import type { NotifierErrorCode } from '../errors.ts';
import type { IncidentReference } from './reference.ts';

export interface CallbackRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The part of the address behind the question mark. Left out: empty. */
  readonly query?: string;
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
  | { readonly kind: 'split'; readonly entity: string }
  /** What the person did, and whether it helped. */
  | { readonly kind: 'record-remediation'; readonly remediation: RemediationKind; readonly worked: boolean };

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

/** What such an answer means is in the error catalogue. */
const refusalCodes = {
  401: 'NOTIFIER_CALLBACK_UNSIGNED',
  404: 'NOTIFIER_CALLBACK_UNKNOWN',
} as const satisfies Readonly<Record<number, NotifierErrorCode>>;

export function refusedCallback(status: keyof typeof refusalCodes, message: string): CallbackAnswer {
  const body = JSON.stringify({ code: refusalCodes[status], message });
  return { status, contentType: 'application/json', body, commands: [] };
}

/**
 * The id of one act of a person. `parts`: what the receiver calls it. A receiver that leaves one out would give all of its acts the same id, so
 * the body stands for them: a second delivery has the same one.
 */
export function actId(channel: string, parts: readonly string[], body: Buffer): string {
  const id = [channel, ...parts].join('/');
  return parts.includes('') || id.length > maxIdChars ? `${channel}/${contentId(body.toString('latin1'))}` : id;
}

const maxIdChars = 255;

export function acceptedCallback(commands: readonly CallbackCommand[], body = ''): CallbackAnswer {
  return { status: 200, contentType: body === '' ? 'text/plain' : 'application/json', body, commands };
}
