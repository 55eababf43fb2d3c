/** Escalation in the running notifier: exact, once, also over a stop, a crash at any commit, and an acknowledgement. */
import type { Incident } from '@faultline/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeChannel, type FakeChannel } from './testing/fake-channel.ts';
import { crashingBus, createHarness, type Harness, until } from './testing/harness.ts';
import { incident, resolved } from './testing/incident.ts';

let harness: Harness;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  harness = await createHarness();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await harness.close();
});

const minuteMs = 60_000;
const escalations = [
  {
    name: 'shop',
    levels: [
      { afterMs: 0, people: ['mira'] },
      { afterMs: 5 * minuteMs, people: ['bob'], channels: ['phone'] },
      { afterMs: 10 * minuteMs, people: ['boss'] },
    ],
  },
];
const routes = [{ channels: ['chat'] }];
const config = { escalations, routes };

const open = (over: Partial<Incident> = {}): Incident => {
  const { triage } = resolved(1);
  if (triage === null) throw new Error('the incident has no triage');
  return incident({ revision: 1, triage: { ...triage, level: 'page', atMs: harness.nowMs }, ...over });
};
async function run(channels: readonly FakeChannel[], bus = harness.bus): Promise<() => Promise<void>> {
  const started = await harness.start({ channels, config, bus });
  stops.push(started.stop);
  return started.stop;
}
const reasons = ({ tries }: FakeChannel) => tries.map(({ reason, page }) => `${reason} ${page.onCall}`);
const areSent = (count: number) => async () =>
  (await harness.deliveries()).filter(({ state }) => state === 'sent').length === count;
const isTold = (channel: FakeChannel, count: number) => async () =>
  channel.tries.length >= count && (await harness.deliveries()).every(({ state }) => state === 'sent');
const channels = () => [createFakeChannel('chat'), createFakeChannel('phone')] as const;

describe('nobody acknowledges', () => {
  it('each level is told once, when it is due', async () => {
    const [chat, phone] = channels();
    await run([chat, phone]);
    await harness.publish(open());
    await until(areSent(1), 'the page');
    expect(chat.tries[0]?.page.people).toEqual([{ team: 'mira', contact: '' }]);
    harness.nowMs += 5 * minuteMs;
    await until(areSent(2), 'the second level');
    await until(isTold(chat, 2), 'the reply');
    harness.nowMs += 5 * minuteMs;
    await until(isTold(chat, 3), 'the third level');
    expect(reasons(chat)).toEqual([
      'first On call: mira',
      'escalated On call: bob, as mira did not acknowledge within 5 min',
      'escalated On call: boss, as mira, bob did not acknowledge within 10 min',
    ]);
    expect(chat.tries.map(({ isPushed }) => isPushed)).toEqual([true, true, true]);
    expect(chat.tries[1]?.notes).toEqual([
      { kind: 'escalated', isPushed: true, text: expect.stringMatching(/^On call: bob, as mira.* CRIT checkout/) },
    ]);
    expect(new Set(chat.tries.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
    expect(reasons(phone)[0]).toMatch(/^first On call: bob/);
  });

  it('what became due while nobody ran is told after the start', async () => {
    const [chat, phone] = channels();
    const stop = await run([chat, phone]);
    await harness.publish(open());
    await until(areSent(1), 'the page');
    await stop();
    harness.nowMs += 7 * minuteMs;
    await run([chat, phone]);
    await until(areSent(2), 'the second level');
    await until(isTold(chat, 2), 'the reply');
    expect(reasons(chat)[1]).toMatch(/^escalated On call: bob/);
  });

  it('a restart tells no level a second time', async () => {
    const [chat, phone] = channels();
    const stop = await run([chat, phone]);
    await harness.publish(open());
    await until(areSent(1), 'the page');
    harness.nowMs += 5 * minuteMs;
    await until(areSent(2), 'the second level');
    await until(isTold(chat, 2), 'the reply');
    await stop();
    await run([chat, phone]);
    harness.nowMs += 5 * minuteMs;
    await until(isTold(chat, 3), 'the third level');
    expect(chat.tries.map(({ reason }) => reason)).toEqual(['first', 'escalated', 'escalated']);
  });
});

describe('a crash at a commit', () => {
  it.each([
    [3, false],
    [3, true],
    [4, false],
    [4, true],
  ])('number %i, done %s: the level is told, and people see it once', async (commit, done) => {
    const [chat, phone] = channels();
    const crashing = crashingBus(harness.bus, { commit, done });
    await run([chat, phone], crashing.bus);
    await harness.publish(open());
    await until(areSent(1), 'the page');
    harness.nowMs += 5 * minuteMs;
    await until(areSent(2), 'the second level');
    await until(isTold(chat, 2), 'the reply');
    expect(crashing.crashes()).toBe(1);
    expect([...chat.messages.values()].map(({ notes }) => notes.filter((kind) => kind === 'escalated').length)).toEqual(
      [chat.tries.length - 1],
    );
    expect(new Set(chat.tries.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    expect(phone.messages.size).toBe(1);
  });
});

describe('nothing more is told', () => {
  it.each([
    ['once somebody acknowledges', () => open({ revision: 2, status: 'acknowledged' })],
    ['once it is over', () => resolved(2)],
  ])('%s', async (_name, next) => {
    const [chat, phone] = channels();
    await run([chat, phone]);
    await harness.publish(open());
    await until(areSent(1), 'the page');
    await harness.publish(next());
    await until(isTold(chat, 2), 'the change');
    harness.nowMs += 20 * minuteMs;
    await harness.publish(open({ id: 'other' }));
    await until(areSent(2), 'the other one');
    expect(chat.tries.filter(({ reason }) => reason === 'escalated')).toEqual([]);
    expect(phone.tries).toEqual([]);
  });
});
