import { AppError } from '@faultline/runtime';

/** The error codes of the notifier. */
export const notifierErrors = {
  NOTIFIER_CHANNEL_UNAVAILABLE:
    'A pager or chat did not answer, or answered that it cannot just now. It is tried again until it does.',
  NOTIFIER_CHANNEL_REFUSED:
    'A pager or chat refused the page. The message names the channel and its answer: check its address, token and permissions.',
  NOTIFIER_ADDRESS_FORBIDDEN:
    'A webhook points at a link-local, metadata or unspecified address. Correct the url, or set the channel’s dangerouslyAllowLinkLocal.',
  NOTIFIER_RECORD_UNREADABLE:
    'A record of the incidents topic cannot be decoded. It is kept in the dead letters; run the release that wrote it.',
} as const;
export type NotifierErrorCode = keyof typeof notifierErrors;

export interface ChannelErrorOptions {
  readonly kind: 'permanent' | 'transient';
  /** The receiver may have taken the message although we saw an error: a timeout, a reset, a 5xx. */
  readonly maybeDelivered: boolean;
  /** How long the receiver asked us to wait; null when it did not. */
  readonly retryAfterMs?: number | null;
  readonly code?: NotifierErrorCode;
}

/** How a channel fails. The message names the channel's host and answer, never a token or a path of its address. */
export class ChannelError extends AppError {
  readonly maybeDelivered: boolean;
  readonly retryAfterMs: number | null;

  constructor(message: string, options: ChannelErrorOptions) {
    const usual = options.kind === 'transient' ? 'NOTIFIER_CHANNEL_UNAVAILABLE' : 'NOTIFIER_CHANNEL_REFUSED';
    super(options.code ?? usual, message, { kind: options.kind });
    this.maybeDelivered = options.maybeDelivered;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
