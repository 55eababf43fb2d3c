import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../field.ts';
import { examplesOf } from '../../testing/examples.ts';
import { readSns, type SnsResult } from './sns.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const nowMs = Date.UTC(2026, 2, 1, 12);
const [example] = examplesOf('cloudwatch');
const notification: Json = isJsonObject(example?.body) ? example.body : {};
const confirmation: Json = {
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9',
  Token: '2336412f',
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  Message: 'You have chosen to subscribe to the topic',
  SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f',
  Timestamp: '2026-03-01T11:58:10.000Z',
  SignatureVersion: '2',
  SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem',
};

/** The text as the documentation of SNS builds it, written out for the two types. */
function textOf(message: Json): string {
  const fields =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  return fields.map((field) => `${field}\n${message[field]}\n`).join('');
}
const signed = (message: Json, algorithm = 'RSA-SHA256'): Json => ({
  ...message,
  Signature: createSign(algorithm).update(textOf(message)).sign(privateKey, 'base64'),
});
const asked: string[] = [];
const read = (message: Json): Promise<SnsResult> =>
  readSns(message, nowMs, async (url) => {
    asked.push(url.href);
    return pem;
  });

describe('messages of SNS', () => {
  it('are read when their signature fits, in both versions', async () => {
    expect(await read(signed(notification))).toMatchObject({ ok: true, message: { type: 'notification' } });
    const first = signed({ ...notification, SignatureVersion: '1' }, 'RSA-SHA1');
    expect(await read(first)).toMatchObject({ ok: true });
    expect(await read(signed(confirmation))).toMatchObject({ ok: true, message: { type: 'confirmation' } });
  });

  it.each([
    ['another text', { ...signed(notification), Message: 'x' }, 'INGEST_SIGNATURE'],
    ['no signature', notification, 'INGEST_SIGNATURE'],
    ['an old time', signed({ ...notification, Timestamp: '2026-03-01T09:00:00.000Z' }), 'INGEST_SIGNATURE'],
    [
      'a certificate of a stranger',
      { ...signed(notification), SigningCertURL: 'https://evil.example/a.pem' },
      'INGEST_INVALID',
    ],
    [
      'a certificate of a host with a likely name',
      { ...signed(notification), SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/a.pem' },
      'INGEST_INVALID',
    ],
    [
      'a certificate in a bucket',
      { ...signed(notification), SigningCertURL: 'https://sns.s3-eu-west-1.amazonaws.com/a.pem' },
      'INGEST_INVALID',
    ],
    [
      'a certificate without TLS',
      { ...signed(notification), SigningCertURL: 'http://sns.eu-central-1.amazonaws.com/a.pem' },
      'INGEST_INVALID',
    ],
    [
      'a confirmation at another host',
      signed({ ...confirmation, SubscribeURL: 'https://169.254.169.254/x' }),
      'INGEST_INVALID',
    ],
  ])('are refused with %s', async (_name, message, code) => {
    expect(await read(message)).toMatchObject({ ok: false, problem: { code } });
  });

  it('never make it ask a host that is not of Amazon', () => {
    expect(asked.filter((url) => !url.startsWith('https://sns.eu-central-1.amazonaws.com/'))).toEqual([]);
  });
});
