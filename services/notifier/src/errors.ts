import { AppError } from '@faultline/runtime';

/** The error codes of the notifier. */
export const notifierErrors = {
  NOTIFIER_CHANNEL_UNAVAILABLE:
    'A pager or chat did not answer, or answered that it cannot accept the page now. Faultline tries again until it does.',
  NOTIFIER_CHANNEL_REFUSED:
    'A pager or chat refused the page. The message names the channel and its answer. Check its address, token and permissions.',
  NOTIFIER_ADDRESS_FORBIDDEN:
    'A webhook points at a link-local, metadata or unspecified address. Correct the url, or set the channel’s dangerouslyAllowLinkLocal.',
  NOTIFIER_CALLBACK_UNKNOWN:
    'No channel of this name takes callbacks. Check the name in the address, and that the channel has its webhook secret or token.',
  NOTIFIER_CALLBACK_UNSIGNED:
    'The signature or token of a callback is not the one of the channel, or too old. Compare the secret on both sides, and the clock.',
  NOTIFIER_UNAUTHENTICATED: 'The request has no token, or one that is not valid.',
  NOTIFIER_FORBIDDEN: 'The role of the token does not allow this request: a viewer is needed.',
  NOTIFIER_SCHEDULE_UNREADABLE:
    'A schedule of `notifier.schedules` cannot be read. Its last shifts are used. The message says why: check its path, address or key.',
  NOTIFIER_RECORD_UNREADABLE:
    'A record of the incidents topic cannot be decoded. It is in the dead letters. Run the release that wrote it.',
} as const;
export type NotifierErrorCode = keyof typeof notifierErrors;

export interface ChannelErrorOptions {
  readonly kind: 'permanent' | 'transient';
  /** The receiver may have accepted the message in spite of the error: a timeout, a reset, a 5xx. */
  readonly maybeDelivered: boolean;
  /** The wait that the receiver asks for. Null: none. */
  readonly retryAfterMs?: number | null;
  readonly code?: NotifierErrorCode;
  /** The HTTP status of the answer. Null: there was none. */
  readonly status?: number | null;
}

/** A failed try. The message names the channel's host and answer, never a token or the path of its address. */
export class ChannelError extends AppError {
  readonly maybeDelivered: boolean;
  readonly retryAfterMs: number | null;
  readonly status: number | null;

  constructor(message: string, options: ChannelErrorOptions) {
    const usual = options.kind === 'transient' ? 'NOTIFIER_CHANNEL_UNAVAILABLE' : 'NOTIFIER_CHANNEL_REFUSED';
    super(options.code ?? usual, message, { kind: options.kind });
    this.maybeDelivered = options.maybeDelivered;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.status = options.status ?? null;
  }
}
