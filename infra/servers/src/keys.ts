import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

export interface Keys {
  /** PKCS 12: a key and its certificate for 127.0.0.1. */
  readonly keystoreFile: string;
  readonly keystorePassword: string;
  /** The certificate in PEM. It is self-signed, so it is its own CA. */
  readonly caFile: string;
}

/** Creates a key for servers on this machine, once per folder. Valid for a week, longer than any test. */
export async function makeKeys(folder: string): Promise<Keys> {
  const keys = {
    keystoreFile: join(folder, 'keystore.p12'),
    keystorePassword: 'for-tests-only',
    caFile: join(folder, 'ca.pem'),
  };
  if (existsSync(keys.caFile)) return keys;
  const store = ['-keystore', keys.keystoreFile, '-storetype', 'PKCS12', '-storepass', keys.keystorePassword];
  const names = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=IP:127.0.0.1,DNS:localhost'];
  await run('keytool', ['-genkeypair', '-alias', 'broker', '-keyalg', 'RSA', '-validity', '7', ...names, ...store]);
  await run('keytool', ['-exportcert', '-rfc', '-alias', 'broker', '-file', keys.caFile, ...store]);
  return keys;
}
