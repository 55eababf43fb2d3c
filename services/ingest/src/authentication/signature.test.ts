import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBy, type SignatureScheme } from './signature.ts';

const github: SignatureScheme = {
  header: 'x-hub-signature-256',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
};
const pagerduty: SignatureScheme = {
  header: 'x-pagerduty-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'v1=',
};
const flux: SignatureScheme = { header: 'x-signature', algorithm: 'named', encoding: 'hex', prefix: '' };

/** docs.github.com, "Validating webhook deliveries": the values to test an implementation with. */
const vector = {
  secret: "It's a Secret to Everybody",
  body: 'Hello, World!',
  signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
};

const request = (header: string, value: string, body = vector.body) => ({
  bytes: Buffer.from(body),
  headers: { [header]: value },
});

describe('signatures', () => {
  it('agree with the vector of the documentation of GitHub', () => {
    expect(isSignedBy(vector.secret, github, request(github.header, vector.signature))).toBe(true);
  });

  it.each([
    ['another secret', 'another', vector.signature, vector.body],
    ['another body', vector.secret, vector.signature, `${vector.body} `],
    ['no signature', vector.secret, '', vector.body],
    ['half a signature', vector.secret, vector.signature.slice(0, 30), vector.body],
    ['another prefix', vector.secret, vector.signature.replace('sha256=', 'v1='), vector.body],
  ])('fail with %s', (_name, secret, signature, body) => {
    expect(isSignedBy(secret, github, request(github.header, signature, body))).toBe(false);
  });

  it('several are accepted while a secret is replaced', () => {
    const sign = (secret: string) => `v1=${createHmac('sha256', secret).update(vector.body).digest('hex')}`;
    const both = request(pagerduty.header, `${sign('old')},${sign('new')}`);
    expect([isSignedBy('old', pagerduty, both), isSignedBy('new', pagerduty, both)]).toEqual([true, true]);
    expect(isSignedBy('other', pagerduty, both)).toBe(false);
  });

  it('a header may name the algorithm, but no weak one', () => {
    const sign = (algorithm: string) => `${algorithm}=${createHmac(algorithm, 's').update(vector.body).digest('hex')}`;
    const accepted = (algorithm: string) => isSignedBy('s', flux, request(flux.header, sign(algorithm)));
    expect(['sha224', 'sha256', 'sha512', 'sha1', 'md5'].map(accepted)).toEqual([true, true, true, false, false]);
  });
});
