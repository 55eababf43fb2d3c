/**
 * Messages of Amazon SNS over HTTP. Their signature is checked with a certificate of Amazon, and subscriptions are confirmed with hosts of Amazon
 * only: the addresses stand in the body, so anybody could write others. See
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
import { createVerify } from 'node:crypto';
import { isJsonObject, type Json, scalarText } from '../../field.ts';
import type { Problem } from '../../source.ts';

export type SnsMessage =
  | { readonly type: 'notification'; readonly text: string }
  | { readonly type: 'confirmation'; readonly url: URL; readonly topic: string }
  | { readonly type: 'other'; readonly name: string };

export type SnsResult =
  | { readonly ok: true; readonly message: SnsMessage }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a page of an Amazon host. Null when that fails. */
export type GetText = (url: URL) => Promise<string | null>;

/** SNS tries a delivery for an hour by default; older messages are replays. */
const maxAgeMs = 2 * 3_600_000;
const maxAheadMs = 15 * 60_000;

export async function readSns(body: unknown, nowMs: number, getText: GetText): Promise<SnsResult> {
  if (!isJsonObject(body)) return invalid('body: expected a message of SNS');
  const certificate = amazonUrl(body['SigningCertURL']);
  if (certificate === null || !certificate.pathname.endsWith('.pem'))
    return invalid('SigningCertURL: expected an address of sns.REGION.amazonaws.com');
  const sentAtMs = Date.parse(scalarText(body['Timestamp']));
  if (!(sentAtMs > nowMs - maxAgeMs && sentAtMs < nowMs + maxAheadMs))
    return refused('Timestamp: expected a time of the last two hours');
  const pem = await getText(certificate);
  if (pem === null) return invalid('SigningCertURL: the certificate could not be read');
  if (!isSigned(body, pem)) return refused('Signature: does not fit the message');
  return messageOf(body);
}

function messageOf(body: Json): SnsResult {
  const type = scalarText(body['Type']);
  if (type === 'Notification')
    return { ok: true, message: { type: 'notification', text: scalarText(body['Message']) } };
  if (type !== 'SubscriptionConfirmation') return { ok: true, message: { type: 'other', name: type } };
  const url = amazonUrl(body['SubscribeURL']);
  if (url === null) return invalid('SubscribeURL: expected an address of sns.REGION.amazonaws.com');
  return { ok: true, message: { type: 'confirmation', url, topic: scalarText(body['TopicArn']) } };
}

function invalid(reason: string): SnsResult {
  return { ok: false, problem: { code: 'INGEST_INVALID', reason } };
}

function refused(reason: string): SnsResult {
  return { ok: false, problem: { code: 'INGEST_SIGNATURE', reason } };
}

/** Null for every address that is not one of SNS itself. The shape is that of a region: `sns.s3-eu-west-1` would be a bucket of anybody. */
function amazonUrl(value: unknown): URL | null {
  const url = URL.parse(scalarText(value));
  const isAmazon = url !== null && /^sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$/.test(url.hostname);
  return isAmazon && url.protocol === 'https:' && url.port === '' && url.username === '' ? url : null;
}

const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
};
const otherSignedFields = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

function isSigned(body: Json, pem: string): boolean {
  const fields = signedFields[scalarText(body['Type'])] ?? otherSignedFields;
  const present = fields.filter((field) => typeof body[field] === 'string');
  const text = present.map((field) => `${field}\n${scalarText(body[field])}\n`).join('');
  const algorithm = body['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  try {
    return createVerify(algorithm).update(text).verify(pem, scalarText(body['Signature']), 'base64');
  } catch {
    // A certificate that is none.
    return false;
  }
}
