/** Every channel over HTTP, run by the notifier against a receiver that fails in all ways before it works. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChannelDefinition } from '../channel.ts';
import { exampleConfig } from '../testing/describe-channels.ts';
import { createHarness, type Harness, until } from '../testing/harness.ts';
import { incident, resolved } from '../testing/incident.ts';
import { openTestChannel } from '../testing/open-channel.ts';
import { type Receiver, type ReceiverAnswer, startReceiver } from '../testing/receiver.ts';
import { channelDefinitions } from './list.ts';

const definitions: readonly ChannelDefinition[] = channelDefinitions;
const overHttp = definitions.filter(({ type }) => type !== 'console' && type !== 'email');

let harness: Harness;
let receiver: Receiver;
beforeEach(async () => {
  harness = await createHarness();
  receiver = await startReceiver(() => ({}));
});
afterEach(async () => {
  await receiver.close();
  await harness.close();
});

/** The example of the documentation, at the address of the receiver. */
function configOf(definition: ChannelDefinition): object {
  const addresses = ['url', 'apiUrl', 'eventsUrl'].filter((key) => key in definition.schema.shape);
  const own = Object.fromEntries(addresses.map((key) => [key, receiver.url]));
  return { ...exampleConfig(definition), ...own, timeoutMs: 500 };
}

const failures: readonly ReceiverAnswer[] = [
  { status: 429, headers: { 'retry-after': '2' } },
  { status: 503 },
  { hangUp: true },
  { silent: true },
];

it.each(overHttp)('$type: no page is lost, whatever the receiver does first', async (definition) => {
  const healthy = { body: definition.docs.healthyAnswer };
  const left = [...failures];
  receiver.answer = () => left.shift() ?? healthy;
  const started = await harness.start({ channels: [openTestChannel(configOf(definition))] });
  const isSent = (revision: number) => async () => {
    // Each look is a minute later, so that waits for retries and rates are over.
    harness.nowMs += 60_000;
    return (await harness.deliveries()).some((one) => one.state === 'sent' && one.revision === revision);
  };
  await harness.publish(incident({ revision: 1 }));
  await until(isSent(1), 'the first page');
  expect(left).toEqual([]);
  const before = receiver.requests.length;
  await harness.publish(resolved(2));
  await until(isSent(2), 'the end');
  expect(receiver.requests.length).toBeGreaterThan(before);
  expect(receiver.requests.at(-1)?.headers['user-agent']).toBe('faultline');
  await started.stop();
});
