/** Topics that others fill, read into the log. */
import { codecs } from '@faultline/model';
import { Health } from '@faultline/runtime';
import { afterEach, expect, it, vi } from 'vitest';
import { ingestConfig } from '../checked-config.ts';
import { decoded, type FrontDoor, openFrontDoor } from '../testing/ingest.ts';
import { createMemoryTopic, type MemoryTopic } from '../testing/source-topic.ts';

let door: FrontDoor;
let topic: MemoryTopic;
const health = new Health();
afterEach(() => door.close());

async function open(entry: object, config: object = {}) {
  topic = createMemoryTopic();
  const kafka = [{ name: 'theirs', topic: 'their-topic', ...entry }];
  door = await openFrontDoor({ config: { kafka, ...config }, openTopic: topic.open, health });
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const log = (body: string, nowMs = Date.now()) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
      scopeLogs: [{ logRecords: [{ timeUnixNano: `${nowMs}000000`, body: { stringValue: body } }] }],
    },
  ],
});
const logs = async () =>
  (await door.read('logs')).map(({ value }) => decoded(codecs.logBlock, value)).flatMap(({ items }) => items);
const alerts = async () => (await door.read('alerts')).map(({ value }) => decoded(codecs.alert, value));

it('messages of a collector become logs, and the ledger counts them', async () => {
  await open({ encoding: 'otlp_json', signal: 'logs' });
  topic.send(json(log('one')));
  topic.send(null);
  topic.send(json(log('two')));
  await topic.handled();
  expect((await logs()).map(({ body }) => body)).toEqual(['one', 'two']);
  expect(await door.ledger()).toEqual({ 'otlp/logs': { accepted: 2, deadLettered: 0 } });
  expect(topic.opened).toMatchObject([{ topic: 'their-topic', group: 'faultline-theirs', startAt: 'earliest' }]);
});

it('the batch of a message is the same when it comes again, so that the store drops the copy', async () => {
  await open({ encoding: 'otlp_json', signal: 'logs' });
  topic.failAfterWrite = 1;
  topic.send(json(log('one', door.state.nowMs)));
  await topic.handled();
  topic.send(json(log('one', door.state.nowMs)));
  await topic.handled();
  const [first, again, other] = (await door.read('logs')).map(({ headers }) => headers['request']);
  expect(first).toBe(again);
  // The same bytes at another offset are another message.
  expect(other).not.toBe(first);
});

it('a message that cannot be read becomes a dead letter that says where it was, and the next one is read', async () => {
  await open({ encoding: 'otlp_proto', signal: 'traces' });
  topic.send(Buffer.from('garbage'));
  topic.send(Buffer.from(''));
  await topic.handled();
  expect(await door.deadLetters()).toMatchObject([
    {
      source: 'otlp',
      signal: 'spans',
      code: 'INGEST_MALFORMED',
      contentType: 'application/x-protobuf',
      reason: expect.stringContaining('(theirs: topic their-topic, partition 0, offset 0)'),
    },
  ]);
  expect(await door.ledger()).toEqual({ 'otlp/spans': { accepted: 1, deadLettered: 1 } });
});

const ping = '{"alerts": [{"name": check, "host": server, "status": state = "up" ? "resolved" : "firing"}]}';

it('a mapping reads alerts, for the tenant of the topic', async () => {
  await open(
    { encoding: 'json', source: 'pings', tenant: 'shop' },
    { mappings: [{ name: 'pings', expression: ping }], limits: { mappingMs: 60_000 } },
  );
  topic.send(json({ check: 'ping', server: 'db-1', state: 'down' }));
  topic.send(json({ server: 'db-1' }));
  await topic.handled();
  expect(await alerts()).toMatchObject([
    { source: 'pings', name: 'ping', status: 'firing', entities: { node: 'db-1' }, scope: { tenant: 'shop' } },
  ]);
  expect(await door.deadLetters()).toMatchObject([{ source: 'pings', code: 'INGEST_INVALID' }]);
});

it('a built-in source reads messages that are its bodies', async () => {
  await open({ encoding: 'json', source: 'alertmanager' });
  const labels = { alertname: 'HighErrorRate', service: 'checkout' };
  const startsAt = new Date(door.state.nowMs).toISOString();
  topic.send(
    json({ version: '4', status: 'firing', alerts: [{ status: 'firing', labels, annotations: {}, startsAt }] }),
  );
  await topic.handled();
  expect(await alerts()).toMatchObject([{ source: 'alertmanager', name: 'HighErrorRate' }]);
});

it('while the log takes nothing the position stays, and nothing is lost', async () => {
  await open({ encoding: 'otlp_json', signal: 'logs' });
  topic.failAfterWrite = 3;
  topic.send(json(log('one')));
  await topic.handled();
  expect(topic.commits.map(({ offset }) => offset)).toEqual([1n]);
});

it('health says how far behind the topic is', async () => {
  await open({ encoding: 'otlp_json', signal: 'logs' });
  await vi.waitFor(() =>
    expect(health.report().parts['kafka theirs']).toEqual({
      ok: true,
      detail: 'topic their-topic: 1 of 1 partitions read here, 0 messages behind',
    }),
  );
});

it.each([
  [{ encoding: 'otlp_proto' }, 'kafka.0.signal', 'traces, metrics or logs with the encoding otlp_proto'],
  [{ encoding: 'json' }, 'kafka.0.source', 'the name of a source with the encoding json'],
  [
    { encoding: 'json', source: 'grafan' },
    'kafka.0.source',
    'the name of a built-in source or of one in `ingest.mappings` (did you mean `grafana`?)',
  ],
  [{ encoding: 'json', source: 'json', signal: 'logs' }, 'kafka.0.signal', 'nothing: `source` says it'],
  [{ encoding: 'avro' }, 'kafka.0.encoding', 'otlp_proto'],
  [{ encoding: 'json', source: 'json', topic: 'a b' }, 'kafka.0.topic', 'letters, digits'],
])('the configuration %j is refused', async (entry, path, message) => {
  await open({ encoding: 'otlp_json', signal: 'logs' });
  const parsed = ingestConfig.safeParse({ kafka: [{ name: 'theirs', topic: 't', ...entry }] });
  expect(parsed.error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toContainEqual([
    path,
    expect.stringContaining(message),
  ]);
});

it('two topics need two names and two groups', async () => {
  await open({ encoding: 'otlp_json', signal: 'logs' });
  const entry = { name: 'theirs', topic: 't', encoding: 'otlp_json', signal: 'logs' };
  const parsed = ingestConfig.safeParse({ kafka: [entry, { ...entry, topic: 'u' }] });
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual(['kafka.1.name', 'kafka.1.group']);
});
