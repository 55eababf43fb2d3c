import { readFileSync } from 'node:fs';
import type { Logger } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import type { ClientSettings } from './client.ts';
import type { KafkaClusterConfig, KafkaConfig } from './config.ts';
import { kafkajsLogger } from './log.ts';

/** Connection settings from the configuration. Throws BUS_CREDENTIALS when a key file cannot be read. */
export function clientSettings(config: KafkaClusterConfig, logger: Logger): ClientSettings {
  return {
    brokers: config.brokers.map(parseAddress),
    clientId: config.clientId,
    connectTimeoutMs: config.connectTimeoutMs,
    requestTimeoutMs: config.requestTimeoutMs,
    budgetMs: config.retryBudgetMs,
    ssl: tlsOptions(config.tls),
    sasl: saslOptions(config.sasl),
    logger: kafkajsLogger(logger),
  };
}

/**
 * Throws BUS_CREDENTIALS, as a start does, when a password is missing or a key file cannot be read. It connects to nothing.
 * The error names the setting below the cluster's own.
 */
export function checkClusterCredentials({ tls, sasl }: Pick<KafkaClusterConfig, 'tls' | 'sasl'>): void {
  tlsOptions(tls);
  saslOptions(sasl);
}

function parseAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

function tlsOptions(tls: KafkaConfig['tls']): object | null {
  if (!tls.enabled) return null;
  return {
    rejectUnauthorized: !tls.dangerouslyAcceptAnyCertificate,
    ...(tls.caFile === null ? {} : { ca: readKeyFile('caFile', tls.caFile) }),
    ...(tls.certFile === null ? {} : { cert: readKeyFile('certFile', tls.certFile) }),
    ...(tls.keyFile === null ? {} : { key: readKeyFile('keyFile', tls.keyFile) }),
    ...(tls.keyPassphrase === null ? {} : { passphrase: tls.keyPassphrase.reveal() }),
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
  };
}

function saslOptions({ mechanism, username, password }: KafkaConfig['sasl']): object | null {
  if (mechanism === 'none') return null;
  if (password === null)
    throw busError(
      'BUS_CREDENTIALS',
      'sasl.password: expected the password of the login, because sasl.mechanism is set',
    );
  return { mechanism, username, password: password.reveal() };
}

function readKeyFile(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw busError('BUS_CREDENTIALS', `tls.${setting}: the file ${path} cannot be read`, error);
  }
}
