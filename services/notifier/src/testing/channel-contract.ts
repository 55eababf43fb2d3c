/** Contract tests for every channel that uses HTTP. A fixture says how the channel is built and what a healthy receiver answers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, ChannelMessage } from '../channel.ts';
import { ChannelError } from '../errors.ts';
import { renderPage } from '../page/page.ts';
import { incident } from './incident.ts';
import { type Receiver, type ReceiverAnswer, startReceiver } from './receiver.ts';

export interface ChannelFixture {
  readonly name: string;
  /** Its configuration holds every entry of `secrets`. */
  readonly create: (url: string, timeoutMs?: number) => Channel;
  readonly secrets: readonly string[];
  readonly healthyAnswer: ReceiverAnswer;
}

const pageOptions = { publicUrl: 'https://faultline.example.com', timeZone: 'UTC' };

export function firstMessage(extra: Partial<ChannelMessage> = {}): ChannelMessage {
  const held = extra.incident ?? incident();
  return {
    action: 'send',
    page: renderPage(held, pageOptions),
    incident: held,
    reason: 'first',
    isPushed: true,
    idempotencyKey: `${held.id}:t:first`,
    messageId: '',
    threadId: '',
    notes: [],
    maybeSent: false,
    ...extra,
  };
}

/** What an answer means: the kind of error, and whether the message may have arrived. */
const answers: readonly [ReceiverAnswer, 'transient' | 'permanent', boolean][] = [
  [{ status: 301, headers: { location: 'http://127.0.0.1:1/' } }, 'permanent', false],
  [{ status: 400 }, 'permanent', false],
  [{ status: 401 }, 'permanent', false],
  [{ status: 403 }, 'permanent', false],
  [{ status: 404 }, 'permanent', false],
  [{ status: 408 }, 'transient', true],
  [{ status: 410 }, 'permanent', false],
  [{ status: 413 }, 'permanent', false],
  [{ status: 425 }, 'transient', false],
  [{ status: 429 }, 'transient', false],
  [{ status: 500 }, 'transient', true],
  [{ status: 502 }, 'transient', true],
  [{ status: 503 }, 'transient', true],
  [{ status: 504 }, 'transient', true],
  [{ hangUp: true }, 'transient', true],
  [{ silent: true }, 'transient', true],
];

export function channelContract({ name, create, secrets, healthyAnswer }: ChannelFixture): void {
  describe(`${name}, as every channel`, () => {
    let receiver: Receiver;
    const never = new AbortController().signal;
    const failureOf = async (channel: Channel, message = firstMessage()): Promise<ChannelError> => {
      const error: unknown = await channel.send(message, never).then(
        () => new Error('it was sent'),
        (reason: unknown) => reason,
      );
      if (error instanceof ChannelError) return error;
      throw error;
    };
    beforeAll(async () => {
      receiver = await startReceiver(() => healthyAnswer);
    });
    beforeEach(() => {
      receiver.answer = () => healthyAnswer;
      receiver.requests.length = 0;
    });
    afterAll(() => receiver.close());

    it('returns a message id when the receiver accepts', async () => {
      const receipt = await create(receiver.url).send(firstMessage(), never);
      expect(receipt.messageId).not.toBe('');
      expect(receiver.requests).toHaveLength(1);
    });

    it.each(answers)('%j is %s', async (answer, kind, maybeDelivered) => {
      receiver.answer = () => ({ body: `echo of ${secrets.join(' ')}`, ...answer });
      const error = await failureOf(answer.silent === true ? create(receiver.url, 200) : create(receiver.url));
      expect({ kind: error.kind, maybeDelivered: error.maybeDelivered }).toEqual({ kind, maybeDelivered });
      for (const secret of secrets) expect(`${error.message} ${error.stack}`).not.toContain(secret);
      expect(receiver.requests).toHaveLength(1);
    });

    it('waits as long as Retry-After says', async () => {
      receiver.answer = () => ({ status: 429, headers: { 'retry-after': '17' } });
      expect((await failureOf(create(receiver.url))).retryAfterMs).toBe(17_000);
    });

    it('an unreachable receiver certainly has no message', async () => {
      const gone = await startReceiver(() => healthyAnswer);
      await gone.close();
      const error = await failureOf(create(gone.url));
      expect({ kind: error.kind, maybeDelivered: error.maybeDelivered }).toEqual({
        kind: 'transient',
        maybeDelivered: false,
      });
    });

    it.each([
      ['longer than the limit', { body: 'x'.repeat(10 * 1024 * 1024) }],
      ['that never ends', { body: 'x', endless: true }],
    ])('the status decides about an error with a body %s', async (_name, answer) => {
      receiver.answer = () => ({ status: 403, ...answer });
      expect((await failureOf(create(receiver.url, 300))).kind).toBe('permanent');
    });

    it.each([
      'http://169.254.169.254/x',
      'http://[fe80::1]/x',
      'http://[::ffff:169.254.169.254]/x',
      'http://0.0.0.0:1/x',
    ])('refuses %s', async (url) => {
      expect(await failureOf(create(url))).toMatchObject({ code: 'NOTIFIER_ADDRESS_FORBIDDEN', kind: 'permanent' });
    });

    it('ends when the signal is aborted', async () => {
      receiver.answer = () => ({ silent: true });
      const stop = new AbortController();
      const sending = create(receiver.url).send(firstMessage(), stop.signal);
      stop.abort();
      await expect(sending).rejects.toThrow();
    });

    it('sends any incident: empty, huge, hostile', async () => {
      const hostile = '<!channel> & "\u0000\u202e```\n'.repeat(20);
      const messages = [
        incident({
          alerts: [],
          hypotheses: [],
          changes: [],
          owners: [],
          runbooks: [],
          similar: [],
          missingEvidence: [],
          missing: [],
        }),
        incident({
          title: hostile,
          owners: Array.from({ length: 90 }, () => ({ team: hostile, contact: hostile, why: hostile })),
        }),
      ];
      for (const held of messages) await create(receiver.url).send(firstMessage({ incident: held }), never);
      expect(receiver.requests).toHaveLength(2);
    });
  });
}
