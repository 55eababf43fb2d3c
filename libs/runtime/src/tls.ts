/** TLS for all servers: the configuration, and certificates that are reloaded when their files change. */
import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { AppError } from './error.ts';
import type { Logger } from './log.ts';

/** The key `tls` of a section. Null: plain text. */
export const tlsConfig = z
  .strictObject({
    certificateFile: z.string().min(1).describe('PEM file with the certificate chain.'),
    keyFile: z.string().min(1).describe('PEM file with the private key.'),
    clientCaFile: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'PEM file with the CA certificates of clients. When set, clients without a certificate are refused (mutual TLS).',
      ),
    reloadMs: z.int().min(100).default(5000).describe('How often the files are checked for changes, ms.'),
  })
  .nullable()
  .default(null)
  .describe('Serve TLS with this certificate; changed files are reloaded. Null: plain text.');
export type TlsConfig = z.infer<typeof tlsConfig>;

export interface TlsOptions {
  /** The configuration section, which messages name: `http`, `ingest.otlpGrpc`, ... */
  readonly section: string;
  readonly tls: NonNullable<TlsConfig>;
}

/** Options of `tls.createServer` and of servers based on it. */
export interface ServerTls extends SecureContextOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

/**
 * Reads and checks the files. Throws RUNTIME_TLS_UNREADABLE for a file that is missing or not PEM, or a key that does
 * not fit its certificate.
 */
export function readServerTls({ section, tls }: TlsOptions): ServerTls {
  try {
    const options: ServerTls = {
      cert: readFileSync(tls.certificateFile),
      key: readFileSync(tls.keyFile),
      ...(tls.clientCaFile === null ? {} : { ca: readFileSync(tls.clientCaFile) }),
      requestCert: tls.clientCaFile !== null,
      rejectUnauthorized: tls.clientCaFile !== null,
      minVersion: 'TLSv1.2',
    };
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new AppError('RUNTIME_TLS_UNREADABLE', `${section}.tls: ${(error as Error).message}`, {
      kind: 'permanent',
      cause: error,
    });
  }
}

/** A server whose certificate can change while it runs: `tls.Server`, `https.Server` and secure servers of `http2`. */
export interface SecureServer {
  setSecureContext(options: SecureContextOptions): void;
}

/**
 * Checks the files every `reloadMs` and passes changes to the server. Open connections keep the old certificate. Files
 * that cannot be used, for example while they are being written, are reported once and retried. It polls, because file
 * watches miss the symbolic links by which secrets are mounted.
 */
export function followCertificates(server: SecureServer, options: TlsOptions, logger: Logger): { stop(): void } {
  let current = fingerprintOf(options);
  const look = () => {
    const found = fingerprintOf(options);
    if (found === current) return;
    current = found;
    apply(server, options, logger);
  };
  const timer = setInterval(look, options.tls.reloadMs).unref();
  return { stop: () => clearInterval(timer) };
}

function apply(server: SecureServer, options: TlsOptions, logger: Logger): void {
  const { section } = options;
  try {
    server.setSecureContext(readServerTls(options));
    logger.info('certificates read again', { section });
  } catch (error) {
    logger.error('new certificates cannot be used; the old ones stay', { section, error: (error as Error).message });
  }
}

/** Compares contents, because they are small, and file times are unreliable when a secret is mounted again. */
function fingerprintOf({ tls }: TlsOptions): string {
  const files = [tls.certificateFile, tls.keyFile, tls.clientCaFile];
  return files.map((file) => (file === null ? '' : contentOf(file))).join('\n');
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return 'unreadable';
  }
}
