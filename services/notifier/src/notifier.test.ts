import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slackConfig } from './channels/slack/config.ts';
import { createSlack } from './channels/slack/slack.ts';
import { fakeChannelId, fakeToken, startSlackFake } from './channels/slack/slack-fake.ts';
import { ChannelError } from './errors.ts';
import { createFakeChannel, type FakeChannel } from './testing/fake-channel.ts';
import { incident, refusedCommand, resolved } from './testing/incident.ts';
import { crashingBus, createWorld, until, type World } from './testing/world.ts';

let world: World;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await world.close();
});

async function run(
  channels: readonly FakeChannel[],
  options: { config?: object; bus?: World['bus'] } = {},
): Promise<() => Promise<void>> {
  const started = await world.start({ channels, ...options });
  stops.push(started.stop);
  return started.stop;
}

const isTold =
  (revision: number, count = 1) =>
  async () =>
    (await world.deliveries()).filter((delivery) => delivery.state === 'sent' && delivery.revision === revision)
      .length === count;
/** Whether the lane has taken that many revisions. */
const isPassed = (count: number) => async () => {
  const positions = await world.bus.committed('notifier', 'incidents');
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
    await world.publish(incident({ revision: 1, hypotheses: [], verdict: 'inconclusive', evidenceState: 'pending' }));
    await until(isTold(1), 'revision 1');
    await world.publish(incident({ revision: 2 }));
    await until(isTold(2), 'revision 2');
    await world.publish(incident({ revision: 3, updatedAtMs: 9 }));
    await until(isPassed(3), 'revision 3');
    await world.publish(incident({ revision: 4, commands: [refusedCommand] }));
    await until(isPassed(4), 'revision 4');
    await world.publish(resolved(5));
    await until(isTold(5), 'revision 5');
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
    await world.publish(incident({ revision: 1 }), incident({ revision: 2 }), incident({ revision: 3 }));
    await run([pager]);
    await until(isTold(3), 'revision 3');
    expect(pager.tries).toHaveLength(1);
  });

  it('an incident that was over before anybody heard of it is not paged', async () => {
    const pager = createFakeChannel('pager');
    await world.publish(resolved(3), incident({ id: 'other', revision: 1 }));
    await run([pager]);
    await until(isTold(1), 'the other one');
    expect(pager.tries.map((message) => message.incident.id)).toEqual(['other']);
  });

  it('a restart edits instead of sending again', async () => {
    const pager = createFakeChannel('pager');
    const stop = await run([pager]);
    await world.publish(incident({ revision: 1 }));
    await until(isTold(1), 'revision 1');
    await stop();
    await run([pager]);
    await world.publish(resolved(2));
    await until(isTold(2), 'revision 2');
    expect(onlyMessage(pager)).toMatchObject({ edits: 1 });
  });

  it('a retired incident leaves nothing behind', async () => {
    await run([createFakeChannel('pager')]);
    await world.publish(incident({ revision: 1 }));
    await until(isTold(1), 'revision 1');
    await world.retire(incident());
    await until(async () => (await world.deliveries()).length === 0, 'the delivery to go');
  });

  it('a channel that cannot edit hears of the first, another cause and the end only', async () => {
    const mail = createFakeChannel('mail', { canEdit: false, repeats: 'neither' });
    await run([mail]);
    await world.publish(incident({ revision: 1 }));
    await until(isTold(1), 'revision 1');
    await world.publish(incident({ revision: 2, alertCount: 99 }));
    await world.publish(resolved(3));
    await until(isTold(3), 'revision 3');
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
      const crashing = crashingBus(world.bus, { commit, done });
      await run([pager], { bus: crashing.bus });
      await world.publish(incident({ revision: 1, hypotheses: [], verdict: 'inconclusive' }));
      await until(isTold(1), 'revision 1');
      await world.publish(resolved(2));
      await until(isTold(2), 'revision 2');
      await until(() => crashing.crashes() === 1 || commit > 4, 'the crash');
      await until(async () => (await world.deliveries())[0]?.state === 'sent', 'rest');
      expect(onlyMessage(pager)?.headline).toContain('RESOLVED');
    },
  );

  it.each([1, 2, 3, 4])('Slack itself, commit %d: one message and one reply', async (commit) => {
    const slack = await startSlackFake();
    stops.push(() => slack.close());
    const channel = createSlack(
      slackConfig.parse({ type: 'slack', name: 'ops', token: fakeToken, channel: fakeChannelId, apiUrl: slack.url }),
    );
    const started = await world.start({
      channels: [channel],
      bus: crashingBus(world.bus, { commit, done: false }).bus,
    });
    stops.push(started.stop);
    await world.publish(incident({ revision: 1 }));
    await until(isTold(1), 'revision 1');
    await world.publish(resolved(2));
    await until(isTold(2), 'revision 2');
    expect(slack.messages.map(({ thread_ts }) => thread_ts === undefined)).toEqual([true, false]);
    expect(slack.messages[0]?.text).toContain('RESOLVED');
  });

  it('a first page whose outcome is not known is told again as an edit when it has moved on meanwhile', async () => {
    const pager = createFakeChannel('pager');
    pager.lateFailures.push(down);
    await run([pager]);
    await world.publish(incident({ revision: 1, hypotheses: [], verdict: 'inconclusive' }));
    await until(() => pager.tries.length === 1, 'the first try');
    await world.publish(incident({ revision: 2 }));
    await until(async () => (await world.deliveries())[0]?.attempts === 1, 'the failure to be kept');
    world.nowMs += 60_000;
    await until(isTold(2), 'revision 2');
    await until(() => onlyMessage(pager)?.edits === 1, 'the edit');
    expect(
      new Set(pager.tries.filter(({ action }) => action === 'send').map(({ idempotencyKey }) => idempotencyKey)).size,
    ).toBe(1);
    expect(onlyMessage(pager)?.headline).toContain('postgres-orders');
  });

  it('a channel that can do neither repeats, and says so', async () => {
    const mail = createFakeChannel('mail', { repeats: 'neither', canEdit: false });
    mail.lateFailures.push(down);
    await run([mail]);
    await world.publish(incident({ revision: 1 }));
    await until(async () => (await world.deliveries())[0]?.attempts === 1, 'the failure');
    world.nowMs += 60_000;
    await until(isTold(1), 'revision 1');
    expect([...mail.messages.values()].map(({ repeats }) => repeats)).toEqual([0, 1]);
  });
});

describe('failures', () => {
  it('a channel that is down is tried for ever, and holds up no other channel and no other incident', async () => {
    const dead = createFakeChannel('dead');
    dead.failures.push(...Array.from({ length: 30 }, () => down));
    const well = createFakeChannel('well');
    await run([dead, well]);
    await world.publish(incident({ id: 'a', revision: 1 }), incident({ id: 'b', revision: 1 }));
    await until(() => well.messages.size === 2, 'the other channel');
    await until(() => {
      world.nowMs += 60_000;
      return dead.messages.size === 2;
    }, 'the thirty-first and thirty-second try');
    await until(isTold(1, 4), 'all four');
    expect(world.health.report().ok).toBe(true);
  });

  it('a refused page counts as failed after some tries, is told to the fallback, and health says so', async () => {
    const broken = createFakeChannel('broken');
    broken.failures.push(refused, refused);
    const spare = createFakeChannel('spare');
    const channels = [
      { type: 'console', name: 'broken', fallback: 'spare' },
      { type: 'console', name: 'spare' },
    ];
    await run([broken, spare], { config: { channels, maxRefusals: 2 } });
    await world.publish(incident({ revision: 1 }));
    await until(async () => (await world.deliveries())[0]?.attempts === 1, 'the first refusal');
    expect(spare.tries).toHaveLength(0);
    world.nowMs += 60_000;
    await until(() => spare.messages.size === 1, 'the fallback');
    await until(async () => (await world.deliveries()).some(({ state }) => state === 'failed'), 'the failed delivery');
    expect(world.health.report().parts['notifier/broken']).toMatchObject({
      ok: false,
      detail: expect.stringContaining('host answered 404'),
    });
    await world.publish(resolved(2));
    await until(
      () => [...spare.messages.values()][0]?.headline.includes('RESOLVED') === true,
      'the fallback to be kept up to date',
    );
  });

  it('waits as long as the receiver asks', async () => {
    const pager = createFakeChannel('pager');
    pager.failures.push(
      new ChannelError('host answered 429', { kind: 'transient', maybeDelivered: false, retryAfterMs: 90_000 }),
    );
    await run([pager]);
    await world.publish(incident({ revision: 1 }));
    await until(async () => (await world.deliveries())[0]?.attempts === 1, 'the refusal');
    world.nowMs += 89_000;
    await world.publish(incident({ id: 'b', revision: 1 }));
    await until(async () => (await world.deliveries()).length === 2, 'the second intent');
    expect(pager.tries).toHaveLength(1);
    world.nowMs += 1000;
    await until(isTold(1, 2), 'both');
  });

  it('more pages than may be held wait in the log', async () => {
    const pager = createFakeChannel('pager');
    await run([pager], { config: { maxHeldPerChannel: 2 } });
    await world.publish(...Array.from({ length: 9 }, (_, index) => incident({ id: `i${index}`, revision: 1 })));
    await until(isTold(1, 9), 'all nine');
    expect(pager.messages.size).toBe(9);
  });

  it('bytes that are no incident go to the dead letters and stop nothing', async () => {
    const pager = createFakeChannel('pager');
    await world.bus.publish([{ topic: 'incidents', key: 'x', partition: 0, value: new Uint8Array([1, 2, 3]) }]);
    await run([pager]);
    await world.publish(incident({ revision: 1 }));
    await until(isTold(1), 'revision 1');
    await until(async () => (await world.bus.offsets('dead-letters'))[0]?.next === 1n, 'the dead letter');
  });
});
