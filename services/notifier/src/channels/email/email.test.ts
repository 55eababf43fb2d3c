import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '@faultline/runtime/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelMessage } from '../../channel.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident, resolved } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { type SmtpFake, startSmtpFake } from './smtp-fake.ts';

const login = { user: 'faultline@example.com', password: 'smtp-pass-77' };
const { certificate: cert, key } = makeCertificate({ name: 'localhost' });
const folder = mkdtempSync(join(tmpdir(), 'faultline-email-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, cert);
afterAll(() => rmSync(folder, { recursive: true }));

const never = new AbortController().signal;
const headline = 'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC';

describe('email', () => {
  let smtp: SmtpFake;
  const open = (extra: object = {}) =>
    openTestChannel({
      type: 'email',
      name: 'mail',
      host: 'localhost',
      port: smtp.port,
      user: login.user,
      password: login.password,
      caFile,
      from: login.user,
      to: ['oncall@example.com', 'lead@example.com'],
      timeoutMs: 2000,
      ...extra,
    });
  const send = (extra: Partial<ChannelMessage> = {}, config: object = {}) =>
    open(config).send(firstMessage(extra), never);
  beforeEach(async () => {
    smtp = await startSmtpFake({ tls: { key, cert }, login });
  });
  afterEach(() => smtp.close());

  it('the subject is the first line, over TLS, to all addresses', async () => {
    await send();
    expect(smtp.mails).toHaveLength(1);
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({ isEncrypted: true, from: login.user, to: ['oncall@example.com', 'lead@example.com'] });
    expect(mail?.headers).toMatchObject({ subject: headline, 'auto-submitted': 'auto-generated', importance: 'high' });
    expect(mail?.text).toMatch(/Owner: storage.*Runbook: .*Path: /s);
  });

  it('all mails of an incident are a thread below a fixed Message-ID', async () => {
    const receipt = await send();
    await send({ ...receipt, incident: resolved(9), isPushed: false, idempotencyKey: 'inc1:t:9' });
    await send({ incident: incident({ id: 'other' }) });
    const [first, second, other] = smtp.mails.map(({ headers }) => headers);
    expect(first?.['message-id']).toBe(receipt.messageId);
    expect(second).toMatchObject({ 'in-reply-to': receipt.messageId, references: receipt.messageId });
    expect(second?.['message-id']).not.toBe(receipt.messageId);
    expect(second?.['subject']).toMatch(/^RESOLVED/);
    expect(other?.['message-id']).not.toBe(receipt.messageId);
  });

  it('a retry after a lost answer has the same Message-ID, and says that it may be a repeat', async () => {
    smtp.failures.push({ command: '.', reply: 'close', after: true });
    await expect(send()).rejects.toMatchObject({ kind: 'transient', maybeDelivered: true });
    await send({ maybeSent: true });
    expect(new Set(smtp.mails.map(({ headers }) => headers['message-id'])).size).toBe(1);
    expect(smtp.mails[1]?.text).toContain('may be a repeat');
  });

  it.each([
    ['a busy server', 'MAIL', '451 4.3.0 try later', 'transient'],
    ['greylisting', 'RCPT', '450 4.2.0 greylisted', 'transient'],
    ['an unknown address', 'RCPT', '550 5.1.1 no such user', 'permanent'],
    ['a mail that is refused', '.', '554 5.7.1 spam', 'permanent'],
    ['a full server', '.', '452 4.3.1 no space', 'transient'],
  ])('%s: %s %s is %s', async (_name, command, reply, kind) => {
    // Every address is refused, as a mail that reaches one of two is sent.
    smtp.failures.push({ command, reply }, { command, reply });
    await expect(send()).rejects.toMatchObject({ kind, maybeDelivered: false });
    expect(smtp.mails).toHaveLength(0);
  });

  it('a login that is refused is permanent, and the error holds no secret', async () => {
    const error: unknown = await send({}, { password: 'wrong-pass-55' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'permanent', maybeDelivered: false });
    expect(String(error)).not.toMatch(/wrong-pass|bad credentials/);
  });

  it('a server without STARTTLS gets nothing', async () => {
    const plain = await startSmtpFake({ tls: null, login });
    await expect(send({}, { port: plain.port })).rejects.toMatchObject({ maybeDelivered: false });
    expect(plain.mails).toHaveLength(0);
    await send({}, { port: plain.port, tls: 'dangerously-none' });
    expect(plain.mails.map(({ isEncrypted }) => isEncrypted)).toEqual([false]);
    await plain.close();
  });

  it('a certificate that is not trusted gets nothing', async () => {
    await expect(send({}, { caFile: null })).rejects.toMatchObject({ maybeDelivered: false });
    expect(smtp.mails).toHaveLength(0);
  });

  it('an unreachable server certainly has no mail', async () => {
    await expect(send({}, { port: 1 })).rejects.toMatchObject({ kind: 'transient', maybeDelivered: false });
  });

  it('a server that does not answer is given up', async () => {
    smtp.failures.push({ command: 'EHLO', reply: 'silent' });
    await expect(send({}, { timeoutMs: 200 })).rejects.toMatchObject({ kind: 'transient' });
  });

  it('ends when the signal is aborted', async () => {
    smtp.failures.push({ command: 'MAIL', reply: 'silent' });
    const stop = new AbortController();
    const sending = open().send(firstMessage(), stop.signal);
    stop.abort();
    await expect(sending).rejects.toThrow();
  });

  it.each(['169.254.169.254', '0.0.0.0'])('refuses %s', async (host) => {
    await expect(send({}, { host })).rejects.toMatchObject({ code: 'NOTIFIER_ADDRESS_FORBIDDEN', kind: 'permanent' });
  });

  it('a title cannot add headers', async () => {
    const alerts = incident().alerts.map((alert) => ({ ...alert, name: 'x\r\nBcc: all@example.com' }));
    await send({ incident: incident({ alerts }) });
    expect(smtp.mails[0]?.headers['bcc']).toBeUndefined();
    expect(smtp.mails[0]?.to).toHaveLength(2);
  });
});
