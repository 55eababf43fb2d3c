/**
 * What a byte of a callback may cost, signed or not: processor time and memory linear in the size of the body. A callback
 * makes few commands, whatever its size, because each may read a partition of the log.
 */
import { createHmac } from 'node:crypto';
import { allocations, isLinear, isLinearMemory, leastCosts } from '@faultline/runtime/testing';
import { describe, expect, it } from 'vitest';
import { channelConfig, channelDefinitions, definitionOf } from '../channels/list.ts';
import { incident } from '../testing/incident.ts';
import { linksOf } from './link.ts';
import { formatReference } from './reference.ts';

const secret = 's'.repeat(32);
const nowMs = 1_772_373_900_000;
const reference = formatReference(incident());
const smallBytes = 60_000;
const timeoutMs = 120_000;
/** A body becomes a string and an object, and ids of acts hash it. */
const mostAllocatedBytes = 100;
const baseAllocatedBytes = 8 * 1024 * 1024;
const mostCommands = 25;

const sha256 = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
const jsonList = (item: object, sizeBytes: number) => {
  const text = JSON.stringify(item);
  return `[${Array.from({ length: Math.ceil(sizeBytes / text.length) }, () => text).join(',')}]`;
};
const slackBody = (payload: string) => `payload=${encodeURIComponent(payload)}`;

type Kind = 'signed' | 'unsigned';

interface Door {
  readonly config: object;
  readonly headers: (body: string) => Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<string, (sizeBytes: number, kind: Kind) => string>>;
}

const opsgenie = (config: object): Door => ({
  config: { ...config, webhookToken: secret },
  headers: () => ({ 'x-faultline-token': secret }),
  bodies: {
    'a long note': (size) =>
      JSON.stringify({ action: 'AddNote', alert: { alias: reference, username: 'fili', note: 'n'.repeat(size) } }),
    'many fields': (size) => `{"action":"Close","more":${jsonList({ a: 1 }, size)}}`,
    'deep lists': (size) => '['.repeat(size),
  },
});

/** The signature of a link is one of its fields. */
function linkFields(kind: Kind): string {
  const [link] = linksOf(incident(), { url: 'https://faultline.example/callbacks/teams', secret, nonce: 'n', nowMs });
  const fields = new URL(link?.url ?? '').searchParams;
  if (kind === 'unsigned') fields.delete('signature');
  return fields.toString();
}

const doors: Readonly<Record<string, Door>> = {
  pagerduty: {
    config: { type: 'pagerduty', name: 'pager', routingKey: 'a'.repeat(32), webhookSecret: secret },
    headers: (body) => ({ 'x-pagerduty-signature': `v1=${sha256(body)}` }),
    bodies: {
      'many assignees': (size) =>
        `{"event":{"event_type":"incident.reassigned","agent":{"type":"user_reference"},"data":{"incident_key":"${reference}","assignees":${jsonList({ summary: 'a' }, size)}}}}`,
      'a long id': (size) =>
        `{"event":{"id":"${'i'.repeat(size)}","event_type":"incident.resolved","agent":{"type":"user_reference"},"data":{"incident_key":"${reference}"}}}`,
    },
  },
  slack: {
    config: { type: 'slack', name: 'ops', token: 'xoxb-1', channel: 'C1', signingSecret: secret },
    headers: (body) => ({
      'x-slack-request-timestamp': String(nowMs / 1000),
      'x-slack-signature': `v0=${sha256(`v0:${nowMs / 1000}:${body}`)}`,
    }),
    bodies: {
      'many actions without a time': (size) =>
        slackBody(`{"actions":${jsonList({ action_id: 'faultline_not_this_cause', value: reference }, size)}}`),
      'many fields of the form': (size) => '&'.repeat(size),
      'escapes that are none': (size) => `payload=${'%'.repeat(size)}`,
    },
  },
  teams: {
    config: { type: 'teams', name: 'teams', url: 'https://flow.example/1', linkSecret: secret },
    headers: () => ({}),
    bodies: {
      'a long name': (size, kind) => `${linkFields(kind)}&name=${'n'.repeat(size)}`,
      'many fields': (size, kind) => `${linkFields(kind)}&name=fili${'&a=1'.repeat(size / 4)}`,
    },
  },
  opsgenie: opsgenie({ type: 'opsgenie', name: 'genie', apiKey: 'k' }),
  jsm: opsgenie({ type: 'jsm', name: 'jsm', apiKey: 'k' }),
};

const cases = Object.entries(doors).flatMap(([type, door]) =>
  Object.entries(door.bodies).flatMap(([name, body]) =>
    (['signed', 'unsigned'] satisfies Kind[]).map((kind) => ({ type, door, name, body, kind })),
  ),
);

describe('the cost of a callback follows its size', { timeout: timeoutMs }, () => {
  it.each(cases)('$type, $kind: $name', async ({ type, door, body, kind }) => {
    const config = channelConfig.parse(door.config);
    const { callback } = definitionOf(type);
    if (callback === undefined) throw new Error('no callback');
    const received = (text: string) => {
      const headers = kind === 'signed' ? door.headers(text) : {};
      return () => callback(config, { headers, body: Buffer.from(text), nowMs });
    };
    const [small, large] = [received(body(smallBytes, kind)), received(body(4 * smallBytes, kind))];
    expect(large().status).toBe(kind === 'signed' ? 200 : 401);
    expect(large().commands.length).toBeLessThanOrEqual(mostCommands);
    const costs = await leastCosts(() => [1, 2, 3, 4].map(() => small()), large);
    expect(costs).toSatisfy(isLinear);
    const memory = await allocations(small, large);
    expect(memory).toSatisfy(isLinearMemory);
    expect(memory.largeBytes).toBeLessThanOrEqual(4 * smallBytes * mostAllocatedBytes + baseAllocatedBytes);
  });

  it('has a case for each channel with callbacks', () => {
    const withCallbacks = channelDefinitions.filter((definition) => 'callback' in definition).map(({ type }) => type);
    expect(Object.keys(doors).sort()).toEqual(withCallbacks.sort());
  });
});
