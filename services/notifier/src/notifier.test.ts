import { codecs } from '@faultline/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeRoutingKey, startPagerdutyFake } from './channels/pagerduty/pagerduty-fake.ts';
import { fakeChannelId, fakeToken, startSlackFake } from './channels/slack/slack-fake.ts';
import { ChannelError } from './errors.ts';
import { createFakeChannel, type FakeChannel } from './testing/fake-channel.ts';
import { crashingBus, createHarness, type Harness, until } from './testing/harness.ts';
import { incident, likelyCause, refusedCommand, resolved } from './testing/incident.ts';
import { openTestChannel } from './testing/open-channel.ts';

let harness: Harness;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  harness = await createHarness();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await harness.close();
});

async function run(
  channels: readonly FakeChannel[],
  options: { config?: object; bus?: Harness['bus'] } = {},
): Promise<() => Promise<void>> {
  const started = await harness.start({ channels, ...options });
  stops.push(started.stop);
  return started.stop;
}

const isSent =
  (revision: number, count = 1) =>
  async () =>
    (await harness.deliveries()).filter((delivery) => delivery.state === 'sent' && delivery.revision === revision)
      .length === count;
/** Whether that many deliveries were sent at this revision. */
const isPassed = (count: number) => async () => {
  const positions = await harness.bus.committed('notifier', 'incidents');
  return positions.reduce((sum, { offset }) => sum + Number(offset), 0) >= count;
};
const onlyMessage = (channel: FakeChannel) => {
  expect(channel.messages.size).toBe(1);
  return [...channel.messages.values()][0];
};
const down = new ChannelError('host answered 503', { kind: 'transient', maybeDelivered: true });
const refused = new ChannelError('host answered 404', { kind: 'permanent', maybeDelivered: false });

describe('one page', () => {
  it('the first revision is sent, later ones edit it, an equal one does nothing, nor does a refused command', async () => {
    const pager = createFakeChannel('pager');
    await run([pager]);
    await harness.publish(incident({ revision: 1, hypotheses: [], verdict: 'inconclusive', evidenceState: 'pending' }));
    await until(isSent(1), 'revision 1');
    await harness.publish(incident({ revision: 2 }));
    await until(isSent(2), 'revision 2');
    await harness.publish(incident({ revision: 3, updatedAtMs: 9 }));
    await until(isPassed(3), 'revision 3');
    await harness.publish(incident({ revision: 4, commands: [refusedCommand] }));
    await until(isPassed(4), 'revision 4');
    await harness.publish(resolved(5));
    await until(isSent(5), 'revision 5');
    expect(pager.tries.map(({ action, reason }) => [action, reason])).toEqual([
      ['send', 'first'],
      ['edit', 'cause-changed'],
      ['edit', 'resolved'],
    ]);
    expect(onlyMessage(pager)).toMatchObject({
      headline: expect.stringContaining('RESOLVED'),
      notes: ['cause-changed', 'resolved'],
    });
  });

  it('revisions that come together are one message', async () => {
    const pager = createFakeChannel('pager');
    await harness.publish(incident({ revision: 1 }), incident({ revision: 2 }), incident({ revision: 3 }));
    await run([pager]);
    await until(isSent(3), 'revision 3');
    expect(pager.tries).toHaveLength(1);
  });

  it('an incident that was over before anybody heard of it is not paged', async () => {
    const pager = createFakeChannel('pager');
    await harness.publish(resolved(3), incident({ id: 'other', revision: 1 }));
    await run([pager]);
    await until(isSent(1), 'the other one');
    expect(pager.tries.map((message) => message.incident.id)).toEqual(['other']);
  });

  it('what a rule held back until it was over is told, and wakes nobody', async () => {
    const chat = createFakeChannel('chat');
    const { triage } = resolved(3);
    if (triage === null) throw new Error('the incident has no triage');
    await run([chat]);
    await harness.publish({
      ...resolved(3),
      triage: { ...triage, reasons: [{ code: 'was-held', detail: 'upgrade' }] },
    });
    await until(isSent(3), 'the end of the window');
    expect(chat.tries.map(({ reason, isPushed }) => [reason, isPushed])).toEqual([['held-until-over', false]]);
  });

  it('people are notified of the first page and of another cause; other edits are silent and keep a distance', async () => {
    const pager = createFakeChannel('pager', {}, { spacingMs: 0, editSpacingMs: 5000 });
    await run([pager]);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await harness.publish(incident({ revision: 2, alertCount: 50 }));
    await until(isPassed(2), 'revision 2');
    await harness.publish(incident({ revision: 3, alertCount: 60 }));
    await until(isPassed(3), 'revision 3');
    expect(pager.tries).toHaveLength(1);
    harness.nowMs += 5000;
    await until(isSent(3), 'one edit for both');
    await harness.publish(incident({ revision: 4, alertCount: 70 }));
    await until(isPassed(4), 'revision 4');
    const cause = { service: 'cache', instance: '', kind: 'memory' } as const;
    await harness.publish(incident({ revision: 5, hypotheses: [{ ...likelyCause, cause }] }));
    await until(isSent(5), 'the other cause, at once');
    expect(pager.tries.map(({ reason, isPushed, incident: { revision } }) => [revision, reason, isPushed])).toEqual([
      [1, 'first', true],
      [3, 'revised', false],
      [5, 'cause-changed', true],
    ]);
  });

  it('updates keep the distance that a receiver allows; new pages do not wait', async () => {
    const pager = createFakeChannel('pager', {}, { spacingMs: 1000, editSpacingMs: 0 });
    await run([pager]);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'the first page');
    await harness.publish(resolved(2), incident({ id: 'other', revision: 1 }));
    await until(() => pager.tries.length === 2, 'the new page, at once');
    await until(isSent(1), 'its outcome');
    expect(pager.tries).toHaveLength(2);
    harness.nowMs += 1000;
    await until(isSent(2), 'the update');
    expect(pager.tries.map((message) => message.incident.id)).toEqual(['inc1', 'other', 'inc1']);
  });

  it('a restart edits instead of sending again', async () => {
    const pager = createFakeChannel('pager');
    const stop = await run([pager]);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await stop();
    await run([pager]);
    await harness.publish(resolved(2));
    await until(isSent(2), 'revision 2');
    expect(onlyMessage(pager)).toMatchObject({ edits: 1 });
  });

  it('a removed incident leaves nothing behind', async () => {
    await run([createFakeChannel('pager')]);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await harness.remove(incident());
    await until(async () => (await harness.deliveries()).length === 0, 'the delivery to go');
  });

  it('a channel that cannot edit hears of the first, another cause and the end only', async () => {
    const mail = createFakeChannel('mail', { updates: 'none', repeats: 'neither' });
    await run([mail]);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await harness.publish(incident({ revision: 2, alertCount: 99 }));
    await harness.publish(resolved(3));
    await until(isSent(3), 'revision 3');
    expect(mail.tries.map(({ action, reason }) => `${action} ${reason}`)).toEqual(['send first', 'send resolved']);
  });
});

describe('a crash after any effect', () => {
  const cases = [1, 2, 3, 4].flatMap((commit) =>
    [false, true].flatMap((done) =>
      (['idempotent', 'findable'] as const).map((repeats) => ({ commit, done, repeats })),
    ),
  );
  it.each(cases)(
    '$repeats, commit $commit, done: $done: one message that says what holds',
    async ({ commit, done, repeats }) => {
      const pager = createFakeChannel('pager', { repeats });
      const crashing = crashingBus(harness.bus, { commit, done });
      await run([pager], { bus: crashing.bus });
      await harness.publish(incident({ revision: 1, hypotheses: [], verdict: 'inconclusive' }));
      await until(isSent(1), 'revision 1');
      await harness.publish(resolved(2));
      await until(isSent(2), 'revision 2');
      await until(() => crashing.crashes() === 1 || commit > 4, 'the crash');
      await until(async () => (await harness.deliveries())[0]?.state === 'sent', 'rest');
      expect(onlyMessage(pager)?.headline).toContain('RESOLVED');
    },
  );

  it.each([1, 2, 3, 4])('Slack itself, commit %d: one message and one reply', async (commit) => {
    const slack = await startSlackFake();
    stops.push(() => slack.close());
    const config = { type: 'slack', name: 'ops', token: fakeToken, channel: fakeChannelId, apiUrl: slack.url };
    const channel = openTestChannel(config);
    const started = await harness.start({
      channels: [channel],
      bus: crashingBus(harness.bus, { commit, done: false }).bus,
    });
    stops.push(started.stop);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await harness.publish(resolved(2));
    await until(() => {
      harness.nowMs += 1000;
      return isSent(2)();
    }, 'revision 2');
    expect(slack.messages.map(({ thread_ts }) => thread_ts === undefined)).toEqual([true, false]);
    expect(slack.messages[0]?.text).toContain('RESOLVED');
  });

  it.each([1, 2, 3, 4])('PagerDuty itself, commit %d: one incident that follows to the end', async (commit) => {
    const pagerduty = await startPagerdutyFake();
    stops.push(() => pagerduty.close());
    const { url } = pagerduty;
    const config = { type: 'pagerduty', name: 'pager', routingKey: fakeRoutingKey, eventsUrl: url, apiUrl: url };
    const { bus } = crashingBus(harness.bus, { commit, done: false });
    const started = await harness.start({ channels: [openTestChannel(config)], bus });
    stops.push(started.stop);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await harness.publish(resolved(2));
    await until(() => {
      harness.nowMs += 1000;
      return isSent(2)();
    }, 'revision 2');
    expect(pagerduty.incidents.map(({ status }) => status)).toEqual(['resolved']);
  });

  it('a first page with an unknown outcome is followed by an edit when there is a newer revision', async () => {
    const pager = createFakeChannel('pager');
    pager.lateFailures.push(down);
    await run([pager]);
    await harness.publish(incident({ revision: 1, hypotheses: [], verdict: 'inconclusive' }));
    await until(() => pager.tries.length === 1, 'the first try');
    await harness.publish(incident({ revision: 2 }));
    await until(async () => (await harness.deliveries())[0]?.attempts === 1, 'the failure to be kept');
    harness.nowMs += 60_000;
    await until(isSent(2), 'revision 2');
    await until(() => onlyMessage(pager)?.edits === 1, 'the edit');
    expect(
      new Set(pager.tries.filter(({ action }) => action === 'send').map(({ idempotencyKey }) => idempotencyKey)).size,
    ).toBe(1);
    expect(onlyMessage(pager)?.headline).toContain('orders-db');
  });

  it('a channel that can do neither repeats the message and marks it', async () => {
    const mail = createFakeChannel('mail', { repeats: 'neither', updates: 'none' });
    mail.lateFailures.push(down);
    await run([mail]);
    await harness.publish(incident({ revision: 1 }));
    await until(async () => (await harness.deliveries())[0]?.attempts === 1, 'the failure');
    harness.nowMs += 60_000;
    await until(isSent(1), 'revision 1');
    expect([...mail.messages.values()].map(({ repeats }) => repeats)).toEqual([0, 1]);
  });
});

describe('failures', () => {
  it('a channel that is down is tried again and again, and delays no other channel or incident', async () => {
    const dead = createFakeChannel('dead');
    dead.failures.push(...Array.from({ length: 30 }, () => down));
    const well = createFakeChannel('well');
    await run([dead, well]);
    await harness.publish(incident({ id: 'a', revision: 1 }), incident({ id: 'b', revision: 1 }));
    await until(() => well.messages.size === 2, 'the other channel');
    await until(() => {
      harness.nowMs += 60_000;
      return dead.messages.size === 2;
    }, 'the thirty-first and thirty-second try');
    await until(isSent(1, 4), 'all four');
    expect(harness.health.report().ok).toBe(true);
  });

  it('a refused page counts as failed after some tries, goes to the fallback, and shows in health', async () => {
    const broken = createFakeChannel('broken');
    broken.failures.push(refused, refused);
    const spare = createFakeChannel('spare');
    const channels = [
      { type: 'console', name: 'broken', fallback: 'spare' },
      { type: 'console', name: 'spare' },
    ];
    await run([broken, spare], { config: { channels, maxRefusals: 2 } });
    await harness.publish(incident({ revision: 1 }));
    await until(async () => (await harness.deliveries())[0]?.attempts === 1, 'the first refusal');
    expect(spare.tries).toHaveLength(0);
    harness.nowMs += 60_000;
    await until(() => spare.messages.size === 1, 'the fallback');
    await until(
      async () => (await harness.deliveries()).some(({ state }) => state === 'failed'),
      'the failed delivery',
    );
    const letters: string[] = [];
    for await (const { value, headers } of harness.bus.read({ topic: 'dead-letters', partition: 0, from: 0n })) {
      // Without a tenant the default tenant could read it.
      expect(headers['tenant']).toBe(incident().scope.tenant);
      const decoded = value === null ? null : codecs.deadLetter.decode(value);
      if (decoded?.ok) letters.push(`${decoded.value.reason}\n${Buffer.from(decoded.value.payload).toString()}`);
    }
    expect(letters).toEqual([expect.stringMatching(/^broken: host answered 404\nCRIT checkout .*\nCause: orders-db/)]);
    expect(harness.health.report().parts['notifier/broken']).toMatchObject({
      ok: false,
      detail: expect.stringContaining('host answered 404'),
    });
    await harness.publish(resolved(2));
    await until(
      () => [...spare.messages.values()][0]?.headline.includes('RESOLVED') === true,
      'the fallback to be kept up to date',
    );
  });

  it('waits as long as the receiver asks', async () => {
    const pager = createFakeChannel('pager');
    pager.failures.push(
      new ChannelError('host answered 429', { kind: 'transient', maybeDelivered: false, retryAfterMs: 50_000 }),
    );
    await run([pager]);
    await harness.publish(incident({ revision: 1 }));
    await until(async () => (await harness.deliveries())[0]?.attempts === 1, 'the refusal');
    harness.nowMs += 49_000;
    await harness.publish(incident({ id: 'b', revision: 1 }));
    await until(async () => (await harness.deliveries()).length === 2, 'the second intent');
    expect(pager.tries).toHaveLength(1);
    harness.nowMs += 1000;
    await until(isSent(1, 2), 'both');
  });

  it('a new page does not wait for an hour because of an older one', async () => {
    const pager = createFakeChannel('pager');
    pager.failures.push(
      new ChannelError('host answered 429', { kind: 'transient', maybeDelivered: false, retryAfterMs: 3_600_000 }),
    );
    await run([pager]);
    await harness.publish(incident({ revision: 1 }));
    await until(async () => (await harness.deliveries())[0]?.attempts === 1, 'the refusal');
    harness.nowMs += 31_000;
    await harness.publish(incident({ id: 'b', revision: 1, detectedAtMs: harness.nowMs }));
    await until(() => [...pager.messages.keys()].some((key) => key.startsWith('b:')), 'the new page');
  });

  it('the page that was refused does not wait for an hour either', async () => {
    const pager = createFakeChannel('pager');
    pager.failures.push(
      new ChannelError('host answered 429', { kind: 'transient', maybeDelivered: false, retryAfterMs: 3_600_000 }),
    );
    await run([pager]);
    await harness.publish(incident({ revision: 1, detectedAtMs: harness.nowMs }));
    await until(async () => (await harness.deliveries())[0]?.attempts === 1, 'the refusal');
    harness.nowMs += 31_000;
    await until(isSent(1), 'the page');
  });

  it('pages above the limit wait in the log', async () => {
    const pager = createFakeChannel('pager');
    await run([pager], { config: { maxHeldPerChannel: 2 } });
    await harness.publish(...Array.from({ length: 9 }, (_, index) => incident({ id: `i${index}`, revision: 1 })));
    await until(isSent(1, 9), 'all nine');
    expect(pager.messages.size).toBe(9);
  });

  it('bytes that are not an incident go to the dead letters and stop nothing', async () => {
    const pager = createFakeChannel('pager');
    await harness.bus.publish([{ topic: 'incidents', key: 'x', partition: 0, value: new Uint8Array([1, 2, 3]) }]);
    await run([pager]);
    await harness.publish(incident({ revision: 1 }));
    await until(isSent(1), 'revision 1');
    await until(async () => (await harness.bus.offsets('dead-letters'))[0]?.next === 1n, 'the dead letter');
  });
});
