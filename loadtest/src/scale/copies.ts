/**
 * The same storm again and again: what one storm left on the topics that are read at a start, written under other keys. All of it is
 * superseded or removed in the end, so that what it says within matters to nobody.
 */
import type { Bus, LogRecord, OutgoingRecord } from '@faultline/bus';
import { codecs, type TopicName } from '@faultline/model';

/** What is read at a start. Alerts, journal and members of a closed storm are not: they only fill the disk. */
const readAtStart: readonly TopicName[] = ['state', 'incidents', 'deliveries'];
/** Of a scope, not of a storm. */
const scopeWideKey = /\|(shell|config|topology|graph\/.*)$/;
const perCall = 2000;
const callers = 4;

/** Where each partition of these topics ends. */
export async function endsOf(bus: Bus): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of readAtStart)
    for (const { partition, next } of await bus.offsets(topic)) ends.set(`${topic}/${partition}`, next);
  return ends;
}

/** Everything that was written since, but what belongs to no storm. */
export async function writtenSince(bus: Bus, ends: ReadonlyMap<string, bigint>): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const topic of readAtStart)
    for (let partition = 0; partition < bus.partitionCount(topic); partition += 1)
      for await (const record of bus.read({ topic, partition, from: ends.get(`${topic}/${partition}`) ?? 0n }))
        if (topic !== 'state' || !scopeWideKey.test(record.key)) records.push(record);
  return records;
}

/** Writes a copy; `n` tells it from the others. */
export async function writeCopy(bus: Bus, storm: readonly LogRecord[], n: number): Promise<void> {
  const calls = Array.from({ length: Math.ceil(storm.length / perCall) }, (_, call) =>
    storm.slice(call * perCall, (call + 1) * perCall),
  ).values();
  const caller = async () => {
    for (const records of calls) await bus.publish(records.map((record) => copyOf(record, n)));
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

function copyOf({ topic, partition, key, value }: LogRecord, n: number): OutgoingRecord {
  if (topic !== 'deliveries') return { topic, partition, key: `${key}~${n}`, value };
  const [id = '', target = ''] = key.split('|');
  const decoded = value === null ? null : codecs.delivery.decode(value);
  const delivery = decoded?.ok === true ? decoded.value : null;
  const incidentId = `${id}~${n}`;
  const copy = delivery === null ? null : codecs.delivery.encode({ ...delivery, incidentId });
  return { topic, partition, key: `${incidentId}|${target}`, value: copy };
}
