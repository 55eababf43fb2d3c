import { ChannelError } from '../../errors.ts';

interface SmtpFailure {
  readonly code?: unknown;
  readonly responseCode?: unknown;
}

/**
 * A failure of the conversation. A reply of 5xx is permanent (RFC 5321, 4.2.1). Without a reply a mail that was on its way may have arrived.
 * The error names the server, never what it said: it may quote an address or a login.
 */
export function smtpError(host: string, error: unknown, isOnItsWay: boolean): ChannelError {
  const { code, responseCode } = (error ?? {}) as SmtpFailure;
  const status = typeof responseCode === 'number' ? responseCode : null;
  const name = typeof code === 'string' ? code : 'connection failed';
  const isPermanent = status === null ? permanentCodes.has(name) : status >= 500;
  return new ChannelError(`${host}: ${name}${status === null ? '' : `, answered ${status}`}`, {
    kind: isPermanent ? 'permanent' : 'transient',
    maybeDelivered: status === null && isOnItsWay,
    status,
  });
}

/** Codes of nodemailer: the login, the addresses, and a server without STARTTLS. */
const permanentCodes: ReadonlySet<string> = new Set(['EAUTH', 'ENOAUTH', 'EENVELOPE', 'ETLS']);
