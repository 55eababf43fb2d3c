/** X.509 certificates made on the spot, for tests of TLS (RFC 5280). ECDSA on P-256; valid for a day around now. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  /** What signs the certificates that it issues. */
  readonly authority: Authority;
}

interface Authority {
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  /** The common name. */
  readonly name: string;
  /** Default: it signs itself and may sign others. */
  readonly issuer?: Authority;
  readonly serial?: number;
}

/** A certificate for localhost and 127.0.0.1. */
export function makeCertificate({ name, issuer, serial = 1 }: CertificateOptions): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority = issuer ?? { name, privateKey };
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(serial),
    ecdsaWithSha256,
    nameOf(authority.name),
    validity(),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(issuer === undefined))),
  );
  const signature = sign('sha256', body, authority.privateKey);
  const der = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    certificate: pem(der),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    authority: { name, privateKey },
  };
}

/** Writes both files, and gives their paths. */
export function writeCertificate(folder: string, { certificate, key }: TestCertificate) {
  const files = { certificateFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  writeFileSync(files.certificateFile, certificate);
  writeFileSync(files.keyFile, key);
  return files;
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

function identifier(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
const commonName = identifier('550403');
const basicConstraints = identifier('551d13');
const subjectAlternativeName = identifier('551d11');

function nameOf(name: string): Buffer {
  return sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from(name)))));
}

function validity(): Buffer {
  const dayMs = 86_400_000;
  const time = (ms: number) => {
    const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
    return tagged(0x18, Buffer.from(text));
  };
  return sequence(time(Date.now() - dayMs), time(Date.now() + dayMs));
}

function extensions(isAuthority: boolean): Buffer[] {
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1])));
  const isCa = tagged(0x01, Buffer.from([0xff]));
  const constraint = sequence(basicConstraints, isCa, tagged(0x04, sequence(tagged(0x01, Buffer.from([0xff])))));
  return [...(isAuthority ? [constraint] : []), sequence(subjectAlternativeName, tagged(0x04, names))];
}
