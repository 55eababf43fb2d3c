/** One conversation with an SMTP server: connect, log in, send, close. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailConfig } from './config.ts';
import { smtpError } from './smtp-error.ts';

export interface Mail {
  /** Checked address of the server. */
  readonly address: string;
  /** The whole message, headers and body. */
  readonly raw: Buffer;
  readonly signal: AbortSignal;
}

/** Resolves when the server has taken the mail for at least one address. Throws ChannelError, or the signal's reason when aborted. */
export async function sendMail(config: EmailConfig, { address, raw, signal }: Mail): Promise<void> {
  const { from, to, user, password, host } = config;
  const connection = connectionOf(config, address);
  const close = () => connection.close();
  signal.addEventListener('abort', close, { once: true });
  let isOnItsWay = false;
  try {
    await step(connection, (done) => connection.connect(done));
    if (user !== null) {
      const credentials = { user, pass: password?.reveal() ?? '' };
      await step(connection, (done) => connection.login({ credentials }, done));
    }
    isOnItsWay = true;
    await step(connection, (done) => connection.send({ from, to: [...to] }, raw, done));
    connection.quit();
  } catch (error) {
    signal.throwIfAborted();
    throw smtpError(host, error, isOnItsWay);
  } finally {
    signal.removeEventListener('abort', close);
    connection.close();
  }
}

type Done = (error?: Error | null) => void;

/** A connection that ends calls nobody back, so its events end the step, too. */
function step(connection: SMTPConnection, run: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the connection ended'));
    connection.once('error', reject);
    connection.once('end', ended);
    run((error) => {
      connection.removeListener('error', reject);
      connection.removeListener('end', ended);
      if (error) reject(error);
      else resolve();
    });
  });
}

function connectionOf({ host, port, tls, caFile, timeoutMs }: EmailConfig, address: string): SMTPConnection {
  const connection = new SMTPConnection({
    host: address,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'dangerously-none',
    // The certificate is that of the name, not of the address.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    tls: caFile === null ? {} : { ca: readFileSync(caFile, 'utf8') },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  // An error after the last step is of no interest, and must not end the process.
  connection.on('error', () => {});
  return connection;
}
