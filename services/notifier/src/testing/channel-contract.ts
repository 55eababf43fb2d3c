/** Contract tests for every channel that uses HTTP. A fixture says how the channel is built and what a healthy receiver answers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../channel.ts';
import { definitionOf } from '../channels/list.ts';
import { ChannelError } from '../errors.ts';
import { firstMessage } from './first-message.ts';
import { incident } from './incident.ts';
import { type ReceivedRequest, type Receiver, type ReceiverAnswer, startReceiver } from './receiver.ts';

export interface ChannelFixture {
  /** The `type` of the configuration. */
  readonly type: string;
  /** Its configuration holds every entry of `secrets`. */
  readonly create: (url: string, timeoutMs?: number) => Channel;
  readonly secrets: readonly string[];
  readonly healthyAnswer?: ReceiverAnswer;
  /** What a lock screen shows of this request. */
  readonly titleOf: (request: ReceivedRequest) => string;
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

export function channelContract({ type, create, secrets, titleOf, ...fixture }: ChannelFixture): void {
  const { budget, docs } = definitionOf(type);
  const healthyAnswer = fixture.healthyAnswer ?? { status: 200, body: docs.healthyAnswer };
  describe(`${type}, as every channel`, () => {
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
      const error = await failureOf(answer.silent === true ? create(receiver.url, 500) : create(receiver.url));
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
      // An endless body is cut off at the limit, so that limit is short.
      const timeoutMs = 'endless' in answer ? 1000 : 10_000;
      expect((await failureOf(create(receiver.url, timeoutMs))).kind).toBe('permanent');
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
        incident({ alertCount: 100_000, missingEvidence: Array.from({ length: 90 }, () => hostile) }),
        incident({
          title: hostile,
          alerts: incident().alerts.map((alert) => ({ ...alert, name: hostile, entity: `service:${hostile}` })),
          owners: Array.from({ length: 90 }, () => ({ team: hostile, contact: hostile, why: hostile })),
        }),
      ];
      for (const held of messages) await create(receiver.url).send(firstMessage({ incident: held }), never);
      expect(receiver.requests).toHaveLength(messages.length);
      for (const request of receiver.requests) {
        expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(budget.requestBytes);
        expect(titleOf(request).length).toBeLessThanOrEqual(budget.titleChars);
      }
    });

    it('the first 100 characters say what is wrong, where, how much and the likely cause', async () => {
      await create(receiver.url).send(firstMessage(), never);
      const [request] = receiver.requests;
      const title = request === undefined ? '' : titleOf(request).slice(0, 100);
      expect(title).toContain('CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC');
    });
  });
}
