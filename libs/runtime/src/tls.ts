/** TLS for any server: what can be set, and certificates that are read again when their files change. */
import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { AppError } from './error.ts';
import type { Logger } from './log.ts';

/** The `tls` key of a section. Null: plain text. */
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
        'PEM file with the authorities of client certificates. Set: clients without one are refused (mutual TLS).',
      ),
    reloadMs: z.int().min(100).default(5000).describe('How often the files are looked at for a change.'),
  })
  .nullable()
  .default(null)
  .describe('Serve TLS with this certificate, read again when a file changes. Null: plain text.');
export type TlsConfig = z.infer<typeof tlsConfig>;

export interface TlsOptions {
  /** The section of the configuration, named in messages: `http`, `ingest.otlpGrpc`, ... */
  readonly section: string;
  readonly tls: NonNullable<TlsConfig>;
}

/** Options of `tls.createServer` and of what is built on it. */
export interface ServerTls extends SecureContextOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

/** Reads the files and tries them. Throws RUNTIME_TLS_UNREADABLE for a file that is missing, is not PEM, or a key of another certificate. */
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

/** A server that can change its certificate while it runs: `tls.Server`, `https.Server` and secure servers of `http2`. */
export interface SecureServer {
  setSecureContext(options: SecureContextOptions): void;
}

/**
 * Looks at the files every `reloadMs` and gives the server what is new. Connections that stand keep the old certificate. Files that cannot be
 * used (half written, say) are reported once and tried again. Polling, as watches miss the symbolic links by which secrets are mounted.
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

/** The contents: they are small, and times of files lie when a secret is mounted anew. */
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
